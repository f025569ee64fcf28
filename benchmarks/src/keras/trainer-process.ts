// A process that trains as a trainer does, with one thread. Sends "ready" after the first, untimed
// epoch, waits for a message, and answers with the times of the other epochs.

import { once } from "node:events";
import { freshState } from "@sintonia/training/engine/contract/engine";
import { startEngine } from "@sintonia/training/engine/engines";
import { initialWeights } from "@sintonia/training/initializer/initial-weights";
import { batchOrder } from "@sintonia/training/trial/batch-order";
import { runEpoch } from "@sintonia/training/trial/epoch";
import { planOf, TRAIN_ROWS, VALIDATION_ROWS } from "../training/problem.js";
import { mnist } from "./mnist.js";
import type { EpochTimes, Settings } from "./settings.js";

const SEED = 23;
const TRAIN = [0, TRAIN_ROWS] as const;
const VALIDATION = [TRAIN_ROWS, TRAIN_ROWS + VALIDATION_ROWS] as const;
const LEARNING_RATE = Math.fround(0.00168);

const [batch, epochs] = process.argv.slice(2).map(Number) as [number, number];
process.send?.(await train({ batch, epochs }));
process.disconnect();

async function train({ batch, epochs }: Settings): Promise<EpochTimes> {
  const plan = planOf({ batch, hidden: 800, layers: 1 });
  const dataSet = await mnist();
  const data = { train: await dataSet.train(TRAIN), validation: await dataSet.validation(VALIDATION) };
  const engine = await startEngine("onnx");
  const weights = initialWeights(plan, data.train.features, SEED);
  const session = await engine.open(plan, { state: freshState(weights), seed: SEED });
  const epochSeconds: number[] = [];
  let valAccuracy = 0;
  for (let epoch = 0; epoch <= epochs; epoch++) {
    const start = performance.now();
    const order = batchOrder(SEED, epoch, data.train.count);
    const firstStep = epoch * Math.ceil(order.length / batch);
    const result = await runEpoch(session, data, { order, batchSize: batch, learningRate: LEARNING_RATE, firstStep });
    if (result.kind === "diverged") throw new Error("training diverged");
    if (epoch > 0) epochSeconds.push((performance.now() - start) / 1000);
    else await everyoneReady();
    valAccuracy = result.metrics.val_accuracy ?? Number.NaN;
  }
  await session.dispose();
  return { version: engine.description, epochSeconds, valAccuracy };
}

async function everyoneReady(): Promise<void> {
  process.send?.("ready");
  await once(process, "message");
}
