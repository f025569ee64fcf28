// The worker of EvaluationThread: checks the test split, or evaluates weights on it and encodes
// the model.

import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "@sintonia/runtime/errors";
import { type DataSet, openDataSet } from "@sintonia/training/dataset/data-set";
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
    await (await open(given.dataset)).test();
    return { ok: true };
  }
  const { plan, weights } = given;
  return { ok: true, reply: isModulePlan(plan) ? await moduleReply(plan, weights) : await networkReply(plan, weights) };
}

function engine(): Promise<Engine> {
  return startEngine(task.settings.engine, { importModule: (specifier: string) => import(specifier) });
}

async function networkReply(plan: TrainingPlan, bytes: Uint8Array): Promise<EvaluationReply> {
  const model = decodeSafetensors(bytes);
  const examples = await testRows(plan);
  const { weights } = model;
  const request = { engine: await engine(), plan, weights, examples, batchSize: BATCH_SIZE };
  return { test: testResult(await evaluateWeights(request)), files: encode(model) };
}

async function moduleReply(plan: ModulePlan, bytes: Uint8Array): Promise<EvaluationReply> {
  const model = decodeModuleModel(bytes);
  const examples = await testRows(plan);
  const measured = await evaluateModuleModel(await engine(), model, { plan, examples, batchSize: BATCH_SIZE });
  return { test: testResult(measured), files: tfjsFiles(encodeLayersModel(model)) };
}

function open(dataset: DataSetPlan): Promise<DataSet> {
  if (isFileDataSet(dataset)) throw new Error("the evaluation of own data is not available");
  const { dataDir: folder, cacheDir, allowDownload } = task.settings;
  return openDataSet(dataset.name, { folder, cacheDir, allowDownload });
}

async function testRows({ dataset }: Pick<TrainingPlan, "dataset">): Promise<Examples> {
  return (await open(dataset)).test();
}

function testResult({ loss, accuracy, correct, count, scores }: TestEvaluation): EvaluationReply["test"] {
  const { low, high } = wilsonInterval(correct, count);
  return { loss, accuracy, accuracyLow: low, accuracyHigh: high, examples: count, scores };
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
