import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Engine, freshState } from "@sintonia/training/engine/contract/engine";
import { describeEngines } from "@sintonia/training/engine/contract/engines.fixture";
import { ReferenceTraining } from "@sintonia/training/engine/reference/reference-training.fixture";
import { learningRateAt } from "@sintonia/training/schedule/learning-rate";
import { readExamples, readTrainingTraces, type TrainingTrace } from "./traces.js";

/**
 * Relative tolerance. Most of the difference is an error of Keras: it computes Adam's 1 - beta^t in
 * float32 with a relative error of up to 1.3e-5, so that the first steps are too short by a
 * relative 6e-6. The float64 reference differs by at most 4.4e-6, with SGD by 2e-7.
 */
const LOSS_TOLERANCE = 1e-5;
/**
 * Absolute tolerance. 18 steps of 0.003 with a relative error of 6e-6 sum up to 3e-7, and float32
 * sums add the same. The largest observed difference is 7e-7.
 */
const WEIGHT_TOLERANCE = 2e-6;

const TRACES = readTrainingTraces();

/** The common part of an engine's session and the reference. */
interface Trainee {
  trainBatch: ReferenceTraining["step"] | Session["trainBatch"];
  evaluate(): Promise<{ readonly loss: number; readonly correct: number }> | { loss: number; correct: number };
  readWeights(): Promise<Weights> | Weights;
}

type Session = Awaited<ReturnType<Engine["open"]>>;
type Weights = readonly { readonly name: string; readonly values: ArrayLike<number> }[];

describe("the float64 reference", () => {
  for (const trace of TRACES) {
    it(`trains as Keras: ${trace.name}`, async () => {
      const reference = new ReferenceTraining(trace.plan, trace.initialWeights);
      await replay(trace, {
        trainBatch: (...batch) => reference.step(...batch),
        evaluate: () => reference.evaluate(readExamples(trace.form).validation),
        readWeights: () => reference.weights(),
      });
    });
  }
});

await describeEngines((engine) => {
  for (const trace of TRACES) {
    it(`trains as Keras: ${trace.name}`, async () => {
      const { validation } = readExamples(trace.form);
      const session = await engine.open(trace.plan, { state: freshState(trace.initialWeights), seed: 1 });
      try {
        await replay(trace, {
          trainBatch: (...batch) => session.trainBatch(...batch),
          evaluate: () => session.evaluate(validation, trace.plan.training.batchSize),
          readWeights: () => session.readWeights(),
        });
      } finally {
        await session.dispose();
      }
    });
  }
});

async function replay(trace: TrainingTrace, trainee: Trainee): Promise<void> {
  const { batchSize, optimizer } = trace.plan.training;
  const examples = readExamples(trace.form);
  let step = 0;
  for (const [epoch, order] of trace.orders.entries()) {
    for (let start = 0; start < order.length; start += batchSize) {
      const rows = Uint32Array.from(order.slice(start, start + batchSize));
      const rate = learningRateAt(optimizer.learningRate, step);
      assertClose(rate, trace.learningRates[step] as number, 1e-6, `learning rate of step ${step}`);
      const sums = await trainee.trainBatch(examples.train, rows, rate);
      assertClose(sums.lossSum / rows.length, trace.losses[step] as number, LOSS_TOLERANCE, `loss of step ${step}`);
      assert.equal(sums.correct, trace.correct[step], `hits of step ${step}`);
      step++;
    }
    const { loss, correct } = await trainee.evaluate();
    const expected = trace.evaluations[epoch] as TrainingTrace["evaluations"][number];
    assertClose(loss, expected.loss, LOSS_TOLERANCE, `loss after epoch ${epoch}`);
    assert.equal(Math.fround(correct / examples.validation.count), Math.fround(expected.accuracy));
  }
  assertSameWeights(await trainee.readWeights(), trace);
}

function assertSameWeights(weights: Weights, { finalWeights }: TrainingTrace): void {
  assert.deepEqual(
    weights.map(({ name, values }) => [name, values.length]),
    finalWeights.map(({ name, values }) => [name, values.length]),
  );
  for (const [index, { name, values }] of finalWeights.entries()) {
    for (const [place, value] of values.entries()) {
      const found = weights[index]?.values[place] as number;
      assert.ok(Math.abs(found - value) <= WEIGHT_TOLERANCE, `${name}[${place}]: ${found}, Keras ${value}`);
    }
  }
}

function assertClose(actual: number, keras: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - keras) <= tolerance * Math.abs(keras), `${what}: ${actual}, Keras ${keras}`);
}
