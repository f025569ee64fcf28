import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import { RunFolder } from "../../run/folder/run-folder.js";
import { signInLink, writeSignInFile } from "../../run/session/page-link.js";
import { runningCluster } from "../../run/session/running.js";
import { shownPath } from "../../system/files/folders.js";
import { CommandError } from "../../system/usage-error.js";
import { type CommandContext, type OutputOptions, printResult } from "../context.js";
import { addOutputOptions, addStudyArgument, parsePath } from "../options.js";
import { requireStudy, withStudies } from "../studies/connection.js";

/** Folder with the run folders that the commands choose themselves. */
const RUNS = "runs";

const HELP = `
Examples:
  $ sintonia open                                       the page of the run that works in runs/
  $ sintonia open --dir runs/mnist-init
  $ sintonia open my-study --page https://tuning.example

The page of a run lives as long as the run. Then its report takes the place of the page.`;

interface OpenOptions extends OutputOptions {
  readonly dir?: string;
  readonly page?: string;
}

/** Adds the command `open`. */
export function addOpen(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description(
      "Open the live page in the browser, or the report of a run that has ended. Without a display, print the address.",
    )
    .option("--dir <DIR>", "run folder of a run that works (default: that of the only one in runs/)", parsePath)
    .option("--page <URL>", "address of a coordinator's page (default: SINTONIA_PAGE_URL)", parseUrl)
    .addHelpText("after", HELP);
  addOutputOptions(command).action((study: string | undefined, options: OpenOptions) => open(study, options, context));
}

/** The page that the command opens. */
interface Target {
  /** Address with the path of the study, without a token. */
  readonly address: string;
  /** Address that lets the user in. */
  readonly link: string;
  /** Address for the browser, which other users of the machine may see. */
  readonly forBrowser: () => string;
}

async function open(study: string | undefined, options: OpenOptions, context: CommandContext): Promise<void> {
  const { dir, page = context.env["SINTONIA_PAGE_URL"] } = options;
  const target =
    dir === undefined && page
      ? targetOf(page.replace(/\/+$/, ""), study)
      : await runTarget(dir ?? workingRun(), study, context);
  const opened = hasDisplay(context.env) && (await openBrowser(target.forBrowser()));
  const shown = context.stdout.isTTY === true ? target.link : target.address;
  const line = opened ? `Opened ${target.address}` : `The page is at ${shown}`;
  printResult(context, options, { document: { page: target.address, opened }, lines: [line] });
}

function targetOf(page: string, study: string | undefined): Target {
  const address = page + pathOf(study);
  return { address, link: address, forBrowser: () => address };
}

async function runTarget(dir: string, study: string | undefined, context: CommandContext): Promise<Target> {
  const page = runningCluster(dir)?.page;
  const folder = new RunFolder(resolve(dir));
  if (page === undefined) return reportTarget(dir, folder);
  const id = study === undefined ? undefined : await studyId(study, dir, context);
  const link = signInLink(page, folder, pathOf(id));
  return {
    address: page + pathOf(id),
    link,
    forBrowser: () => pathToFileURL(writeSignInFile(link, folder)).href,
  };
}

/** Returns the report that an ended run has left in place of its page. */
function reportTarget(dir: string, { study: { report } }: RunFolder): Target {
  if (!existsSync(report)) throw noPage(dir);
  const address = pathToFileURL(report).href;
  return { address, link: address, forBrowser: () => address };
}

/** Returns the id of the study that the command line names. */
async function studyId(study: string, dir: string, context: CommandContext): Promise<string> {
  return await withStudies({ dir }, context, async ({ client }) => (await requireStudy(client, study, { dir })).id);
}

function pathOf(study: string | undefined): string {
  return study === undefined ? "/" : `/studies/${encodeURIComponent(study)}`;
}

/** Returns the folder of the only run that works in `runs`. */
function workingRun(): string {
  const folders = existsSync(RUNS) && statSync(RUNS).isDirectory() ? readdirSync(RUNS) : [];
  const working = folders.map((name) => join(RUNS, name)).filter((dir) => runningCluster(dir)?.page !== undefined);
  const [dir, ...others] = working;
  if (dir !== undefined && others.length === 0) return dir;
  const message =
    dir === undefined
      ? "no run with a page works in runs/: name a run folder with --dir, or a page with --page"
      : `several runs work in runs/ (${working.join(", ")}): name one with --dir`;
  throw new CommandError(message, { code: "NO_PAGE", facts: {} });
}

function noPage(dir: string): CommandError {
  const message = `no run with a page works in ${shownPath(resolve(dir))}, and no run has left a report there`;
  return new CommandError(message, { code: "NO_PAGE", facts: { dir } });
}

/** Tells whether a browser can show a page to the user of this process. */
function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  if (env["BROWSER"] === "none") return false;
  if (process.platform !== "linux") return true;
  return Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"] || env["WSL_DISTRO_NAME"]);
}

/** Opens an address in the user's browser. Returns false if the system has no program for it. */
async function openBrowser(address: string): Promise<boolean> {
  try {
    const { default: openWith } = await import("open");
    const child = await openWith(address);
    // Ignored: the command has printed the address.
    child.once("error", () => undefined);
    return true;
  } catch {
    return false;
  }
}

function parseUrl(text: string): string {
  if (/^https?:\/\/[^/?#]+(?:\/[^?#]*)?$/.test(text)) return text;
  throw new InvalidArgumentError("Expected an address such as https://tuning.example.");
}
