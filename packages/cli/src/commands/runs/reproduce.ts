import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join, resolve } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import { ENGINE_NAMES } from "@sintonia/training/engine/contract/engine";
import type { DataSetName } from "@sintonia/tuning/plan/training-plan";
import type { Command } from "commander";
import type { Display } from "../../display/display.js";
import { comparisonLines, comparisonMarkdown } from "../../reproduce/comparison-table.js";
import type { Environment, ReproductionDocument } from "../../reproduce/document.js";
import { chosenExperiments, PUBLISHED_EXPERIMENTS, quickSpec } from "../../reproduce/published-experiments.js";
import { reproduce } from "../../reproduce/reproduction.js";
import { withLockedFolder } from "../../run/folder/locked-folder.js";
import { RunFolder } from "../../run/folder/run-folder.js";
import { type ClusterOptions, runSettings } from "../../run/session/settings.js";
import { loadNamedDataStudy } from "../../study/spec/experiments.js";
import { writeFailureText } from "../../system/files/file-failures.js";
import { shownPath } from "../../system/files/folders.js";
import { installedVersion } from "../../system/installation.js";
import { printableLine } from "../../system/printable.js";
import { UsageError } from "../../system/usage-error.js";
import { type CommandContext, type OutputOptions, openDisplay, outputLayout, printResult } from "../context.js";
import { failureDocument } from "../failure.js";
import { addDataOptions, addOutputOptions, choiceOption, integerFrom, parsePath } from "../options.js";

const DEFAULT_ENGINE = "onnx";
/** `--markdown -` means standard output. */
const STANDARD_OUTPUT = "-";

interface ReproduceOptions extends OutputOptions, ClusterOptions {
  readonly data?: DataSetName;
  readonly experiment?: readonly string[];
  readonly quick?: boolean;
  readonly dir?: string;
  readonly overwrite?: boolean;
  readonly trainers?: number;
  readonly markdown?: string;
}

/** Adds the command `reproduce`. */
export function addReproduce(command: Command, context: CommandContext): void {
  command
    .description(
      "Run the ten published experiments in order on this machine, train the best model of each again on training " +
        "and validation rows, and print one table of the published figures and ours. The same command in the same " +
        "folder continues an interrupted run and does not repeat ended studies.",
    )
    .addOption(choiceOption("--data <NAME>", "only the experiments on this data set", ["mnist", "fashion-mnist"]))
    .option("--experiment <NAME...>", `only these: ${PUBLISHED_EXPERIMENTS.map(({ name }) => name).join(", ")}`)
    .option("--quick", "try it in about two minutes: 2 trials of 2 epochs on few rows; the figures are not comparable")
    .option("--dir <DIR>", "run folder (default: runs/reproduce, with --quick runs/reproduce-quick)", parsePath)
    .option("--no-page", "serve no live page")
    .option("--overwrite", "delete the files of an earlier run in the run folder, and start over")
    .option("--trainers <N>", "trainers to start (default: one for each core)", integerFrom(1, 256))
    .addOption(choiceOption("--engine <NAME>", `engine to train with (default: ${DEFAULT_ENGINE})`, ENGINE_NAMES))
    .option(
      "--markdown <FILE>",
      "also write the table as Markdown into this file; - writes it to standard output in place of the table",
      parsePath,
    )
    .addHelpText("after", EXAMPLES);
  addOutputOptions(addDataOptions(command)).action((options: ReproduceOptions) => runReproduce(options, context));
}

const EXAMPLES = `
Examples:
  $ sintonia reproduce                        all ten; takes hours on a laptop; can be stopped with Ctrl-C and repeated
  $ sintonia reproduce --data fashion-mnist --markdown fashion.md
  $ sintonia reproduce --experiment mnist-init --experiment fashion-init --json > figures.json

The run folder contains reproduce.json, reproduce.md, and studies/NAME with results.json and model/ of each study.
Environment: NATS_URL (a server to use), SINTONIA_NATS_SERVER (path of nats-server), SINTONIA_CACHE_DIR (data sets).
Exit codes: 0 every study has a result, however far from the published figures; 1 a study failed or something broke;
2 bad options; 130 interrupted.`;

async function runReproduce(options: ReproduceOptions, context: CommandContext): Promise<void> {
  const { json, markdown } = options;
  const toStandardOutput = markdown === STANDARD_OUTPUT;
  if (toStandardOutput && json === true)
    throw new UsageError("--json and --markdown - both write to standard output; use only one of them");
  // The display leaves standard output to the document.
  const display = await openDisplay(context, { json: json === true || toStandardOutput });
  const folder = new RunFolder(resolve(options.dir ?? join("runs", options.quick ? "reproduce-quick" : "reproduce")));
  try {
    const document = await reproduceInFolder(folder, options, { context, display });
    display.close();
    const table = comparisonMarkdown(document);
    if (toStandardOutput) context.stdout.write(table);
    else
      printResult(context, options, {
        document,
        lines: [...comparisonLines(document, outputLayout(context, options)), "", filesLine(folder)],
      });
    if (markdown !== undefined && !toStandardOutput) writeMarkdown(markdown, table);
    reportFailures(document, context, options);
  } finally {
    display.close();
  }
}

function writeMarkdown(path: string, table: string): void {
  try {
    writeFileSync(path, table);
  } catch (error) {
    throw new UserError(`${path}: cannot be written: ${writeFailureText(error)}`, { cause: error });
  }
}

interface CommandOutput {
  readonly context: CommandContext;
  readonly display: Display;
}

function reproduceInFolder(
  folder: RunFolder,
  options: ReproduceOptions,
  { context, display }: CommandOutput,
): Promise<ReproductionDocument> {
  const { env } = context;
  const quick = options.quick === true;
  const published = chosenExperiments(options.data, options.experiment).map((name) => loadNamedDataStudy(name));
  const specs = quick ? published.map(quickSpec) : published;
  const settings = runSettings(options.trainers ?? availableParallelism(), options, env);
  const environment = environmentOf(settings.trainers, options.engine ?? (env["SINTONIA_ENGINE"] || DEFAULT_ENGINE));
  const studyId = env["NATS_URL"] ? `reproduce-${randomBytes(4).toString("hex")}` : "reproduce";
  const marker = { format: 1, kind: "reproduction", studyId } as const;
  const warning = quick ? "; quick, so that the figures are not comparable" : "";
  const title = `Reproduce   ${specs.map(({ name }) => name).join(", ")}${warning}`;
  const request = { folder, marker, overwrite: options.overwrite === true, title, display };
  return withLockedFolder(request, ({ studyId: studyIdPrefix }) =>
    reproduce({ specs, studyIdPrefix, quick, environment, folder, settings, display, env }),
  );
}

function environmentOf(trainers: number, engine: string): Environment {
  return {
    sintonia: installedVersion(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() || "an unknown processor",
    cores: availableParallelism(),
    engine,
    trainers,
  };
}

function filesLine({ path }: RunFolder): string {
  return `Files in ${shownPath(path)}: reproduce.json, reproduce.md, studies/, logs/`;
}

function reportFailures({ experiments }: ReproductionDocument, context: CommandContext, { json }: OutputOptions): void {
  const failed = experiments.filter(({ state, refit }) => state === "failed" || refit.here === null);
  if (failed.length === 0) return;
  const lines = failed.map(({ name, message }) => `${name} has no result: ${message ?? "no reason given"}`);
  const facts = { experiments: failed.map(({ name }) => name) };
  const printed =
    json === true
      ? [failureDocument(lines.join("; "), { code: "NO_RESULT", facts })]
      : lines.map((line) => printableLine(`error: ${line}`));
  context.stderr.write(printed.map((line) => `${line}\n`).join(""));
  context.exitCode = 1;
}
