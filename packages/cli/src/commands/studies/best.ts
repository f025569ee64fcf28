import { resolve } from "node:path";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { type Artifact, ArtifactKind, SelectionRule, type Study, type Trial } from "@sintonia/proto/sintonia/v1/study";
import { selectionOf } from "@sintonia/tuning/spec/selection";
import { isModuleStudy, isProgramStudy, type StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Command } from "commander";
import { sentences } from "../../display/format/label.js";
import type { Layout } from "../../display/format/layout.js";
import { executionLines } from "../../display/report/executions-table.js";
import { objectiveText } from "../../display/report/figures/measured-figures.js";
import { testReadingLines } from "../../display/report/figures/test-readings.js";
import { frontLines } from "../../display/report/front-table.js";
import { selectionLines } from "../../display/report/selection-lines.js";
import { frontResults } from "../../study/documents/choice/front-results.js";
import { selectionResults } from "../../study/documents/choice/selection-results.js";
import { type ResultsDocument, resultsDocument } from "../../study/documents/results.js";
import { parameterNames, trialResults } from "../../study/documents/trial-results.js";
import { downloadArtifacts } from "../../study/download.js";
import { valueText } from "../../study/number-text.js";
import { readTrials } from "../../study/read-study.js";
import { isOver } from "../../study/trial-state.js";
import { isFileError, writeFailureText } from "../../system/files/file-failures.js";
import { CommandError } from "../../system/usage-error.js";
import { type CommandContext, outputLayout, printResult, whileWorking } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions, parsePath } from "../options.js";
import { requireStudy, withStudies } from "./connection.js";

interface BestOptions extends ConnectionOptions {
  readonly download?: string;
}

const HELP = `
Examples:
  $ sintonia best mnist-init
  $ sintonia best mnist-init --download model/     then in Python: keras.models.load_model("model/model.keras")
  $ sintonia best --dir runs/mnist-init --json`;

/** Adds the command `best`. */
export function addBest(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description(
      "Show the best trial and the uncertainty of its choice, and download its model. Before the study ends, this is " +
        "the completed trial with the best objective so far.",
    )
    .option(
      "--download <DIR>",
      "write the weights and a model for Keras into this folder; after the study's end also for tfjs and ONNX; of a " +
        "program, the files that it left",
      parsePath,
    )
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, options: BestOptions) =>
    best(name, options, context),
  );
}

async function best(name: string | undefined, options: BestOptions, context: CommandContext): Promise<void> {
  const found = await withStudies(options, context, async ({ client }) => {
    const best = await readBest(client, await requireStudy(client, name, options));
    const trials = await comparedTrials(client, best);
    const download = () => downloadModel(client, best, options.download);
    return { ...best, trials, files: await whileWorking(context, options, "downloading the model", download) };
  });
  const trial = trialResults(found.trial, parameterNames(JSON.parse(found.study.specJson)));
  const selection = selectionResults(found.study, found.trials);
  const front = frontResults(found.study, found.trials);
  const document = {
    study: found.study.id,
    trial,
    selection,
    ...(front === undefined ? {} : { front }),
    testReadings: resultsDocument(found.study, []).testReadings,
    weights: found.weights?.sha256 ?? null,
    files: found.files,
  };
  printResult(context, options, { document, lines: bestLines(found, outputLayout(context, options)) });
}

interface Best {
  readonly study: Study;
  readonly trial: Trial;
  readonly weights: Artifact | undefined;
}

interface FoundBest extends Best {
  readonly trials: readonly Trial[];
  /** Paths of the downloaded files. */
  readonly files: readonly string[];
}

async function readBest(client: AdminServiceClient, study: Study): Promise<Best> {
  const { trial, weights } = await client.getBestTrial({ studyId: study.id });
  if (trial === undefined) throw new Error("the coordinator answered without a trial");
  return { study, trial, weights };
}

/** Returns the trials that explain the choice: all of them, or the best one if it says enough. */
async function comparedTrials(client: AdminServiceClient, { study, trial }: Best): Promise<readonly Trial[]> {
  const { selection } = study;
  if (selection === undefined && hasAims(study)) return await readTrials(client, allOf(study));
  const wasCompared = selection?.rule === SelectionRule.REPLICATE || selection?.bestMeasuredTrialId !== trial.id;
  if (selection === undefined || !wasCompared) return [trial];
  return await readTrials(client, allOf(study));
}

/** Tells whether a study has several objectives or limits on outcomes. */
function hasAims({ objectives, limits }: Study): boolean {
  return objectives.length + limits.length > 0;
}

function allOf({ id }: Study): { readonly studyId: string; readonly withMeasurements: false } {
  return { studyId: id, withMeasurements: false };
}

async function downloadModel(
  client: AdminServiceClient,
  { study, weights }: Best,
  to: string | undefined,
): Promise<string[]> {
  if (to === undefined) return [];
  const isProgram = isProgramStudy(JSON.parse(study.specJson) as StudySpec);
  const artifacts = isProgram ? programFiles(weights) : [...(weights === undefined ? [] : [weights]), ...study.models];
  const directory = resolve(to);
  try {
    const names = await downloadArtifacts({ client, studyId: study.id, artifacts, directory });
    if (weights !== undefined && hasKerasFile(study)) {
      const { writeKerasFile } = await import("../../study/keras-file.js");
      names.push(writeKerasFile(directory));
    }
    return names.map((name) => resolve(directory, name));
  } catch (error) {
    throw isFileError(error) ? unwritable(to, error) : error;
  }
}

/** The weights of a trial that ran a program are the files that it left. */
function programFiles(weights: Artifact | undefined): Artifact[] {
  return weights === undefined ? [] : [{ ...weights, kind: ArtifactKind.PROGRAM_FILES }];
}

/** Returns true for a network: Keras reads neither a program's files nor a module's layers. */
function hasKerasFile({ specJson }: Study): boolean {
  const spec = JSON.parse(specJson) as StudySpec;
  return !isProgramStudy(spec) && !isModuleStudy(spec);
}

function unwritable(folder: string, error: unknown): CommandError {
  const message = `${folder}: the model cannot be written there: ${writeFailureText(error)}`;
  return new CommandError(message, { code: "UNWRITABLE", facts: { folder }, cause: error });
}

function bestLines({ study, trial, trials, files }: FoundBest, layout: Layout): string[] {
  const results = resultsDocument(study, trials);
  const found = trialResults(trial, parameterNames(results.study.spec));
  return [
    `Trial ${trial.id} summary`,
    "Hyperparameters:",
    ...Object.entries(found.values).map(([name, value]) => `${name}: ${valueText(value)}`),
    `Score: ${found.objective === null ? "None" : objectiveText(found)}`,
    ...executionLines(results, layout),
    ...sentences(choiceLines(study, results), layout),
    ...frontLines(results, layout),
    ...readingLines(results, layout),
    ...files.map((file) => `Wrote ${file}`),
  ];
}

function readingLines(results: ResultsDocument, layout: Layout): string[] {
  const lines = testReadingLines(results);
  return lines.length === 0 ? [] : ["", ...sentences(lines, layout)];
}

function choiceLines(study: Study, results: ResultsDocument): string[] {
  const lines = selectionLines(results);
  if (lines.length > 0) return ["", ...lines];
  if (isOver(study.state)) return [];
  return ["", `The study has not ended. ${soFarText(study, results.study.spec as StudySpec)}`];
}

function soFarText({ objectives, objectiveMetric }: Study, spec: StudySpec): string {
  if (objectives.length > 0) {
    const best = `This is the best measured trial so far by ${objectiveMetric}`;
    return `${best}; at the end, one trial of the front is picked.`;
  }
  const { rule } = selectionOf(spec);
  return `This is the best measured trial so far; at the end, the rule ${rule} selects the best.`;
}
