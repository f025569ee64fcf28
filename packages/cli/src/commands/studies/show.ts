import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import type { TerminalStream } from "../../display/display.js";
import { studyDetails } from "../../display/report/study-table.js";
import { trialDetails } from "../../display/report/trial-details.js";
import { CSV_TABLES, type CsvTable, csvRecords } from "../../study/documents/csv-tables.js";
import { resultsDocument } from "../../study/documents/results.js";
import { readTrials } from "../../study/read-study.js";
import { UsageError } from "../../system/usage-error.js";
import { type CommandContext, outputLayout, printResult, whileWorking } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions, choiceOption } from "../options.js";
import { requireStudy, withStudies } from "./connection.js";

interface ShowOptions extends ConnectionOptions {
  readonly csv?: CsvTable;
}

/** Characters of one write: a study of 100,000 epochs takes a hundred writes. */
const PART_CHARACTERS = 100_000;

/** The study and the trial of the command line. */
interface Shown {
  readonly name: string | undefined;
  readonly trialId: string | undefined;
}

const HELP = `
A table of comma-separated values (RFC 4180) has every digit. "trials" has one record for each trial, "epochs" one for
each epoch of each execution, counted from 0. A text that a spreadsheet would evaluate begins with an apostrophe.

Examples:
  $ sintonia show my-study
  $ sintonia show my-study 7                one trial with its learning curves
  $ sintonia show --dir runs/mnist-init     the only study of a run folder, during the run and after its end
  $ sintonia show my-study --csv epochs > curves.csv
  $ sintonia show my-study --json > my-study.json
  $ sintonia create other.yaml --warm-start my-study.json`;

/** Adds the command `show`. */
export function addShow(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .argument("[TRIAL]", 'id of a trial, to show it with its learning curves; "test" for the test run')
    .description("Show the present state of a study and a table of its trials, or one trial.")
    .addOption(choiceOption("--csv <TABLE>", "print one table as comma-separated values instead", CSV_TABLES))
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, trialId: string | undefined, options: ShowOptions) =>
    show({ name, trialId }, options, context),
  );
}

async function show(shown: Shown, options: ShowOptions, context: CommandContext): Promise<void> {
  const { csv, json = false } = options;
  if (csv !== undefined && json)
    throw new UsageError("--csv and --json both write to standard output; use only one of them");
  const withMeasurements = json || csv === "epochs" || shown.trialId !== undefined;
  const { study, trials } = await readShown(shown, options, { context, withMeasurements });
  const document = resultsDocument(study, trials);
  if (csv !== undefined) {
    writeRecords(context.stdout, csvRecords(csv, document));
    return;
  }
  const layout = outputLayout(context, options);
  const [first] = trials;
  if (shown.trialId === undefined || first === undefined) {
    printResult(context, options, { document, lines: studyDetails(study, trials, new Date(), layout) });
    return;
  }
  const lines = trialDetails(study, first, new Date(), layout);
  printResult(context, options, { document: { study: document.study, trial: document.trials[0] }, lines });
}

/** Writes records in parts of at least `PART_CHARACTERS`. */
function writeRecords(stream: TerminalStream, records: Iterable<string>): void {
  let part = "";
  for (const record of records) {
    part += record;
    if (part.length < PART_CHARACTERS) continue;
    stream.write(part);
    part = "";
  }
  if (part !== "") stream.write(part);
}

async function readShown(
  { name, trialId }: Shown,
  options: ShowOptions,
  { context, withMeasurements }: { readonly context: CommandContext; readonly withMeasurements: boolean },
): Promise<{ readonly study: Study; readonly trials: readonly Trial[] }> {
  return await withStudies(options, context, async ({ client }) => {
    const study = await requireStudy(client, name, options);
    const request = { studyId: study.id, withMeasurements, ...(trialId === undefined ? {} : { trialId }) };
    const read = () => readTrials(client, request);
    return { study, trials: await whileWorking(context, options, "reading the trials", read) };
  });
}
