import { resolve } from "node:path";
import { LANGUAGES, type Language } from "@sintonia/page/text/language";
import type { Command } from "commander";
import { languageOfEnvironment } from "../../study/report/language.js";
import type { ReportSettings } from "../../study/report/report-text.js";
import { isFileError, writeFailureText } from "../../system/files/file-failures.js";
import { installedVersion } from "../../system/installation.js";
import { CommandError } from "../../system/usage-error.js";
import { type CommandContext, printResult, whileWorking } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions, choiceOption, parsePath } from "../options.js";
import { requireStudy, type StudiesAccess, withStudies } from "../studies/connection.js";

interface ReportOptions extends ConnectionOptions {
  readonly out?: string;
  readonly format: ReportSettings["format"];
  readonly lang?: Language;
}

const HELP = `
The file for a browser contains the pictures and the text, asks no server and no other host, and stays readable without
JavaScript. Markdown has the text. The document for notebooks has the results, as results.json, and the figures of every
picture: in Python, pandas.json_normalize(json.load(open("report.json"))["trials"]).

Examples:
  $ sintonia report mnist-init                          writes mnist-init.html
  $ sintonia report --dir runs/mnist-init --lang es
  $ sintonia report mnist-init --format md --out report.md`;

/** Adds the command `report`. */
export function addReport(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Write a study into one file: pictures, set-up, trials, result and how sure it is, test figures.")
    .option("--out <FILE>", "write this file (default: the study's name with the ending of the format)", parsePath)
    .addOption(choiceOption("--format <FORMAT>", "form of the report", ["html", "md", "json"]).default("html"))
    .addOption(
      choiceOption("--lang <LANGUAGE>", "language of the text (default: that of LANG)", Object.keys(LANGUAGES)),
    )
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, options: ReportOptions) =>
    report(name, options, context),
  );
}

async function report(name: string | undefined, options: ReportOptions, context: CommandContext): Promise<void> {
  const { format, lang: language = languageOfEnvironment(context.env) } = options;
  const written = await withStudies(options, context, async ({ client }) => {
    const study = await requireStudy(client, name, options);
    const file = resolve(options.out ?? `${study.name}.${format}`);
    const settings = { file, format, language, version: installedVersion(), now: new Date() };
    await whileWorking(context, options, "reading the study", () => write(client, study.id, settings));
    return { study: study.id, file };
  });
  printResult(context, options, { document: { ...written, format }, lines: [`Wrote ${written.file}`] });
}

async function write(
  client: StudiesAccess["client"],
  studyId: string,
  settings: ReportSettings & { readonly file: string },
): Promise<void> {
  const { writeReport } = await import("../../study/report/write-report.js");
  try {
    await writeReport(client, studyId, settings);
  } catch (error) {
    throw isFileError(error) ? unwritable(settings.file, error) : error;
  }
}

function unwritable(file: string, error: unknown): CommandError {
  const message = `${file}: the report cannot be written there: ${writeFailureText(error)}; name another with --out`;
  return new CommandError(message, { code: "UNWRITABLE", facts: { file }, cause: error });
}
