// The worker of EvaluationThread: evaluates the weights on the test split and encodes the model.

import { parentPort, workerData } from "node:worker_threads";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import { startEngine } from "@sintonia/training/engine/engines";
import { evaluateWeights } from "@sintonia/training/evaluation/evaluate-weights";
import { wilsonInterval } from "@sintonia/training/evaluation/wilson-interval";
import { encodeOnnxModel } from "@sintonia/training/model-file/onnx-model";
import { decodeSafetensors, type StoredModel } from "@sintonia/training/model-file/safetensors";
import { encodeTfjsLayersModel } from "@sintonia/training/model-file/tfjs-layers-model";
import type { EvaluationReply, EvaluationTask } from "./evaluation-thread.js";

/** Examples in a batch. The size bounds memory and changes the result by rounding only. */
const BATCH_SIZE = 1_000;

const { plan, weights, settings } = workerData as EvaluationTask;
const model = decodeSafetensors(weights);
const reply: EvaluationReply = { test: await measure(model), files: encode(model) };
parentPort?.postMessage(reply);

async function measure({ weights }: StoredModel): Promise<EvaluationReply["test"]> {
  const { dataDir: folder, cacheDir, allowDownload } = settings;
  const dataSet = await openDataSet(plan.dataset.name, { folder, cacheDir, allowDownload });
  const importModule = (specifier: string): Promise<unknown> => import(specifier);
  const engine = await startEngine(settings.engine, { importModule });
  const examples = await dataSet.test();
  const { loss, accuracy, correct, count } = await evaluateWeights({
    engine,
    plan,
    weights,
    examples,
    batchSize: BATCH_SIZE,
  });
  const { low, high } = wilsonInterval(correct, count);
  return { loss, accuracy, accuracyLow: low, accuracyHigh: high, examples: count };
}

function encode({ weights, layers }: StoredModel): EvaluationReply["files"] {
  const { modelJson, weightsBin } = encodeTfjsLayersModel(weights, layers);
  return [
    { kind: "tfjs-model", bytes: Buffer.from(modelJson) },
    { kind: "tfjs-weights", bytes: weightsBin },
    { kind: "onnx-model", bytes: encodeOnnxModel(weights, layers) },
  ];
}
