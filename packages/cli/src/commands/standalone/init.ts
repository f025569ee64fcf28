import { copyFileSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { isFileError, writeFailureText } from "../../system/files/file-failures.js";
import { makeFolder, shownPath } from "../../system/files/folders.js";
import { starterFiles, starterNames } from "../../system/starters.js";
import { nameHint } from "../../system/text/name-hint.js";
import { CommandError, UsageError } from "../../system/usage-error.js";
import { type CommandContext, type OutputOptions, printResult } from "../context.js";
import { addOutputOptions, parsePath } from "../options.js";

const HELP = `
Examples:
  $ sintonia init python my-study               a Python program that reports its metrics
  $ sintonia init shell my-study                a shell script that prints its metric
  $ cd my-study && sintonia run study.yaml

The command replaces no file.`;

/** Adds the command `init`. */
export function addInit(command: Command, context: CommandContext): void {
  command
    .argument("<EXAMPLE>", `what to write: ${starterNames().join(", ")}`)
    .argument("[DIR]", "folder to write it into; made if missing (default: the example's name)", parsePath)
    .description("Write a working example of a study: its spec, and the program or the data that it needs.")
    .addHelpText("after", HELP);
  addOutputOptions(command).action((example: string, directory: string | undefined, options: OutputOptions) =>
    init(example, { directory: directory ?? example, options, context }),
  );
}

interface InitRequest {
  readonly directory: string;
  readonly options: OutputOptions;
  readonly context: CommandContext;
}

function init(example: string, { directory, options, context }: InitRequest): void {
  requireExample(example);
  const files = starterFiles(example);
  const present = files.find(({ name }) => existsSync(join(directory, name)));
  if (present !== undefined) throw existing(join(directory, present.name));
  try {
    makeFolder(directory);
    for (const { name, path } of files) copyFileSync(path, join(directory, name));
  } catch (error) {
    if (!isFileError(error)) throw error;
    const facts = { dir: directory };
    const message = `${shownPath(directory)}: the example cannot be written: ${writeFailureText(error)}`;
    throw new CommandError(message, { code: "NOT_WRITTEN", facts, cause: error });
  }
  const names = files.map(({ name }) => name);
  const lines = [
    `Wrote ${names.join(", ")} into ${shownPath(directory)}`,
    `To run the study: sintonia run ${shownPath(join(directory, "study.yaml"))}`,
  ];
  printResult(context, options, { document: { example, dir: directory, files: names }, lines });
}

function requireExample(example: string): void {
  const names = starterNames();
  if (names.includes(example)) return;
  throw new UsageError(`no example is called ${example || '""'}; ${nameHint(example, names)}`, {
    code: "UNKNOWN_EXAMPLE",
    facts: { example, examples: names },
  });
}

function existing(path: string): UsageError {
  const what = statSync(path).isDirectory() ? "folder" : "file";
  const advice = "name another folder, or remove it first";
  return new UsageError(`${shownPath(path)}: there is such a ${what} already; ${advice}`, {
    code: "FILE_EXISTS",
    facts: { path },
  });
}
