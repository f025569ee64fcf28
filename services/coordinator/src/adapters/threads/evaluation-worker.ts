// The worker of EvaluationThread: checks the test split, or evaluates weights on it and encodes
// the model.

import { parentPort, workerData } from "node:worker_threads";
import { openFileDataSet } from "@sintonia/data/dataset/open-file-data-set";
import { messageOf } from "@sintonia/runtime/errors";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import type { Examples } from "@sintonia/training/dataset/examples";
import type { Engine } from "@sintonia/training/engine/contract/engine";
import { startEngine } from "@sintonia/training/engine/engines";
import { evaluateWeights, type TestEvaluation } from "@sintonia/training/evaluation/evaluate-weights";
import { wilsonInterval } from "@sintonia/training/evaluation/wilson-interval";
import { encodeOnnxModel } from "@sintonia/training/model-file/onnx-model";
import { decodeSafetensors, type StoredModel } from "@sintonia/training/model-file/safetensors";
import { encodeTfjsLayersModel, type TfjsLayersModel } from "@sintonia/training/model-file/tfjs-layers-model";
import { evaluateModuleModel, requireModels } from "@sintonia/training/module/evaluate-module";
import { decodeModuleModel, encodeLayersModel } from "@sintonia/training/module/module-file";
import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import { isModulePlan } from "@sintonia/tuning/plan/program-plan";
import { type DataSetPlan, isFileDataSet, type TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { EvaluationOutcome, EvaluationReply, EvaluationTask } from "./evaluation-thread.js";

/** Examples in a batch. The size bounds memory and changes the result by rounding only. */
const BATCH_SIZE = 1_000;

const task = workerData as EvaluationTask;
const outcome: EvaluationOutcome = await carryOut(task).catch((error: unknown) => ({
  ok: false,
  fault: messageOf(error),
}));
parentPort?.postMessage(outcome);

async function carryOut(given: EvaluationTask): Promise<EvaluationOutcome> {
  if (given.type === "check") {
    if (given.models === "modules") requireModels(await engine());
    await testData(given.dataset);
    return { ok: true };
  }
  const { plan, weights, fold } = given;
  const { examples, files } = await testData(plan.dataset, fold);
  const { test, files: model } = isModulePlan(plan)
    ? await moduleReply(plan, weights, examples)
    : await networkReply(plan, weights, examples);
  return { ok: true, reply: { test, files: [...model, ...files] } };
}

function engine(): Promise<Engine> {
  return startEngine(task.settings.engine, { importModule: (specifier: string) => import(specifier) });
}

async function networkReply(plan: TrainingPlan, bytes: Uint8Array, examples: Examples): Promise<EvaluationReply> {
  const model = decodeSafetensors(bytes);
  const { weights } = model;
  const request = { engine: await engine(), plan, weights, examples, batchSize: BATCH_SIZE };
  return { test: testResult(await evaluateWeights(request)), files: encode(model) };
}

async function moduleReply(plan: ModulePlan, bytes: Uint8Array, examples: Examples): Promise<EvaluationReply> {
  const model = decodeModuleModel(bytes);
  const measured = await evaluateModuleModel(await engine(), model, { plan, examples, batchSize: BATCH_SIZE });
  return { test: testResult(measured), files: tfjsFiles(encodeLayersModel(model)) };
}

/** The rows of the test split, and the files that go out with a model of the data. */
interface TestData {
  readonly examples: Examples;
  readonly files: EvaluationReply["files"];
}

/** Reads the test split. */
async function testData(dataset: DataSetPlan, fold?: number): Promise<TestData> {
  const { settings, files } = task;
  if (isFileDataSet(dataset)) return ownTestData(dataset, files, fold);
  const { dataDir: folder, cacheDir, allowDownload } = settings;
  const opened = await openDataSet(dataset.name, { folder, cacheDir, allowDownload });
  return { examples: await opened.test(), files: [] };
}

async function ownTestData(dataset: FileDataSet, files: EvaluationTask["files"], fold = 0): Promise<TestData> {
  const pathOf = (path: string) => {
    const local = files[path];
    if (local === undefined) throw new Error(`${path}: the plan does not say its content`);
    return local;
  };
  const { test, preparation } = await openFileDataSet(dataset, pathOf, { fold, splits: ["test"] });
  if (test === undefined) throw new Error("the data set has no rows for the test; set split.test or name a test file");
  const bytes = Buffer.from(`${JSON.stringify(preparation, null, 1)}\n`);
  return { examples: test, files: [{ kind: "preparation", bytes }] };
}

function testResult({ correct, count, ...measured }: TestEvaluation): EvaluationReply["test"] {
  const { loss, accuracy, scores, undefinedScores } = measured;
  const { low, high } = wilsonInterval(correct, count);
  const undefinedOnes = undefinedScores.length === 0 ? {} : { undefinedScores };
  return { loss, accuracy, accuracyLow: low, accuracyHigh: high, examples: count, scores, ...undefinedOnes };
}

function encode({ weights, layers }: StoredModel): EvaluationReply["files"] {
  const onnx = { kind: "onnx-model", bytes: encodeOnnxModel(weights, layers) } as const;
  return [...tfjsFiles(encodeTfjsLayersModel(weights, layers)), onnx];
}

function tfjsFiles({ modelJson, weightsBin }: TfjsLayersModel): EvaluationReply["files"] {
  return [
    { kind: "tfjs-model", bytes: Buffer.from(modelJson) },
    { kind: "tfjs-weights", bytes: weightsBin },
  ];
}
