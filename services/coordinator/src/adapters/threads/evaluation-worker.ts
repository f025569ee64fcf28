// The worker of EvaluationThread: checks the test split, or evaluates weights on it and encodes
// the model.

import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "@sintonia/runtime/errors";
import { type DataSet, openDataSet } from "@sintonia/training/dataset/data-set";
import { startEngine } from "@sintonia/training/engine/engines";
import { evaluateWeights } from "@sintonia/training/evaluation/evaluate-weights";
import { wilsonInterval } from "@sintonia/training/evaluation/wilson-interval";
import { encodeOnnxModel } from "@sintonia/training/model-file/onnx-model";
import { decodeSafetensors, type StoredModel } from "@sintonia/training/model-file/safetensors";
import { encodeTfjsLayersModel } from "@sintonia/training/model-file/tfjs-layers-model";
import { type DataSetPlan, isFileDataSet } from "@sintonia/tuning/plan/training-plan";
import type { EvaluationOutcome, EvaluationReply, EvaluationTask } from "./evaluation-thread.js";

/** Examples in a batch. The size bounds memory and changes the result by rounding only. */
const BATCH_SIZE = 1_000;

type Evaluate = Extract<EvaluationTask, { type: "evaluate" }>;

const task = workerData as EvaluationTask;
const outcome: EvaluationOutcome = await carryOut(task).catch((error: unknown) => ({
  ok: false,
  fault: messageOf(error),
}));
parentPort?.postMessage(outcome);

async function carryOut(given: EvaluationTask): Promise<EvaluationOutcome> {
  if (given.type === "check") {
    await (await open(given.dataset)).test();
    return { ok: true };
  }
  const model = decodeSafetensors(given.weights);
  return { ok: true, reply: { test: await measure(given, model), files: encode(model) } };
}

function open(dataset: DataSetPlan): Promise<DataSet> {
  if (isFileDataSet(dataset)) throw new Error("the evaluation of own data is not available");
  const { dataDir: folder, cacheDir, allowDownload } = task.settings;
  return openDataSet(dataset.name, { folder, cacheDir, allowDownload });
}

async function measure({ plan, settings }: Evaluate, { weights }: StoredModel): Promise<EvaluationReply["test"]> {
  const dataSet = await open(plan.dataset);
  const importModule = (specifier: string): Promise<unknown> => import(specifier);
  const engine = await startEngine(settings.engine, { importModule });
  const examples = await dataSet.test();
  const { loss, accuracy, correct, count, scores } = await evaluateWeights({
    engine,
    plan,
    weights,
    examples,
    batchSize: BATCH_SIZE,
  });
  const { low, high } = wilsonInterval(correct, count);
  return { loss, accuracy, accuracyLow: low, accuracyHigh: high, examples: count, scores };
}

function encode({ weights, layers }: StoredModel): EvaluationReply["files"] {
  const { modelJson, weightsBin } = encodeTfjsLayersModel(weights, layers);
  return [
    { kind: "tfjs-model", bytes: Buffer.from(modelJson) },
    { kind: "tfjs-weights", bytes: weightsBin },
    { kind: "onnx-model", bytes: encodeOnnxModel(weights, layers) },
  ];
}
