import { createWriteStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type NewRows, prepareNewRows } from "@sintonia/data/dataset/prepare-new-rows";
import { DataError } from "@sintonia/data/error/data-error";
import { PREPARATION_VERSION, type Preparation } from "@sintonia/data/preparation/preparation";
import { ModelFileError } from "@sintonia/training/model-file/model-file-error";
import { runOnnxModel } from "@sintonia/training/model-file/onnx-prediction";
import type { ModelInputs, Outputs } from "@sintonia/training/model-file/outputs";
import { runTfjsModel } from "@sintonia/training/model-file/tfjs-prediction";
import type { Command } from "commander";
import { type Predictions, predictionRecords, rowPredictions } from "../../study/prediction/predictions.js";
import { isFileError, readFailureText, writeFailureText } from "../../system/files/file-failures.js";
import { CommandError, UsageError } from "../../system/usage-error.js";
import { type CommandContext, type OutputOptions, printResult, whileWorking } from "../context.js";
import { addOutputOptions, parsePath } from "../options.js";

const FOLDER_ADVICE = "name the folder model/ of a run with data of your own";

interface PredictOptions extends OutputOptions {
  readonly output?: string;
}

const HELP = `
The folder is the folder model/ of a run with data of your own, or what "sintonia best STUDY --download DIR" wrote: it
has preparation.json, and model.onnx or, of a module, model.json and weights.bin. The file has the columns that the
model reads; others are ignored.
A row of the result has the number of the row in the file, the prediction, and the probability of each class.

Examples:
  $ sintonia predict runs/wine/model new.csv > predictions.csv
  $ sintonia predict runs/wine/model new.parquet --output predictions.csv`;

/** Adds the command `predict`. */
export function addPredict(command: Command, context: CommandContext): void {
  command
    .argument("<DIR>", "folder of a model", parsePath)
    .argument("<FILE>", "file with rows: CSV, TSV, JSON Lines, Parquet, NPY or NPZ", parsePath)
    .description("Predict the target of new rows with the model of a study of your own data.")
    .option("--output <FILE>", "write the predictions into this CSV file, instead of standard output", parsePath)
    .addHelpText("after", HELP);
  addOutputOptions(command).action((model: string, file: string, options: PredictOptions) =>
    predict({ model, file }, options, context),
  );
}

interface PredictRequest {
  readonly model: string;
  readonly file: string;
}

async function predict(request: PredictRequest, options: PredictOptions, context: CommandContext): Promise<void> {
  const predictions = await whileWorking(context, options, `predicting the rows of ${request.file}`, () =>
    predictionsOf(request),
  );
  const { output, json } = options;
  if (output !== undefined) await writeRecords(predictions, output);
  else if (json !== true) await pipeline(Readable.from(predictionRecords(predictions)), context.stdout, { end: false });
  if (output === undefined && json !== true) return;
  const lines = [`Wrote ${predictions.rows.length} predictions into ${output}`];
  const document =
    output === undefined ? { rows: [...rowPredictions(predictions)] } : { output, rows: predictions.rows.length };
  printResult(context, options, { document, lines });
}

/** The files of a model, and the way to run them. */
interface StoredModel {
  /** File that a message about the model names. */
  readonly path: string;
  run(inputs: ModelInputs): Promise<Outputs>;
}

async function predictionsOf({ model, file }: PredictRequest): Promise<Predictions> {
  const preparation = await readPreparation(model);
  const { path, run } = await readModel(model);
  try {
    const rows: NewRows = await prepareNewRows(preparation, { path: file, name: file });
    return { preparation, rows: rows.rows, outputs: await run(rows) };
  } catch (error) {
    if (error instanceof DataError) throw new UsageError(error.message, { code: "DATA", facts: { ...error.place } });
    if (!(error instanceof ModelFileError)) throw error;
    throw new CommandError(`${path}: ${error.message}`, { code: "MODEL_UNUSABLE", facts: { path }, cause: error });
  }
}

/** Reads the model of a network, or that of a module, which has no ONNX file. */
async function readModel(model: string): Promise<StoredModel> {
  const [onnx, tfjs] = [join(model, "model.onnx"), join(model, "model.json")];
  if (existsSync(onnx) || !existsSync(tfjs)) {
    const bytes = await readModelFile(model, "model.onnx");
    return { path: onnx, run: (inputs) => runOnnxModel(bytes, inputs) };
  }
  const modelJson = (await readModelFile(model, "model.json")).toString("utf8");
  const weightsBin = await readModelFile(model, "weights.bin");
  return { path: tfjs, run: (inputs) => runTfjsModel({ modelJson, weightsBin }, inputs) };
}

async function readPreparation(model: string): Promise<Preparation> {
  const path = join(model, "preparation.json");
  const text = (await readModelFile(model, "preparation.json")).toString("utf8");
  try {
    const preparation = JSON.parse(text) as Preparation;
    if (preparation.version === PREPARATION_VERSION && Array.isArray(preparation.columns)) return preparation;
  } catch {
    // Answered below, as another form is.
  }
  const message = `${path}: it is no preparation of version ${PREPARATION_VERSION}; download the model again`;
  throw new UsageError(message, { code: "PREPARATION_UNUSABLE", facts: { path } });
}

async function readModelFile(model: string, name: string): Promise<Buffer> {
  const path = join(model, name);
  try {
    return await readFile(path);
  } catch (error) {
    if (!isFileError(error)) throw error;
    const message = `${path}: cannot be read: ${readFailureText(error)}; ${FOLDER_ADVICE}`;
    throw new UsageError(message, { code: "MODEL_MISSING", facts: { path }, cause: error });
  }
}

async function writeRecords(predictions: Predictions, output: string): Promise<void> {
  try {
    await pipeline(Readable.from(predictionRecords(predictions)), createWriteStream(output));
  } catch (error) {
    if (!isFileError(error)) throw error;
    const message = `${output}: cannot be written: ${writeFailureText(error)}`;
    throw new CommandError(message, { code: "NOT_WRITTEN", facts: { output }, cause: error });
  }
}
