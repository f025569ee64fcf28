import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ENGINE_NAMES, type Engine, type ModelWeights, type NamedTensor } from "./engine.js";
import { EngineUnavailableError, ModelShapeError } from "./engine-error.js";
import { denseWeights, examplesOf, planOf, rowsOf, seededExamples, seededWeights, startOf } from "./problem.fixture.js";
import { ReferenceTraining } from "./reference-training.fixture.js";
import { startEngine } from "./start.js";

/** float32 sums of a few dozen terms against float64, over twelve steps of training. */
const LOSS_TOLERANCE = 1e-5;

for (const name of ENGINE_NAMES) {
  const engine = await engineAtHand(name);
  describe(`engine ${name}`, { skip: engine === undefined && `${name} is not installed here` }, () => {
    if (engine !== undefined) contract(engine);
  });
}

/** Only the GPU engine and tfjs-node may be missing. */
async function engineAtHand(name: (typeof ENGINE_NAMES)[number]): Promise<Engine | undefined> {
  try {
    return await startEngine(name);
  } catch (error) {
    if (error instanceof EngineUnavailableError && name.startsWith("tfjs-node")) return undefined;
    throw error;
  }
}

function contract(engine: Engine): void {
  describe("training", () => trainingContract(engine));
  describe("Adam", () => adamContract(engine));
  describe("evaluation", () => evaluationContract(engine));
  describe("refusal", () => refusalContract(engine));
}

function trainingContract(engine: Engine): void {
  for (const sizes of [[], [5], [7, 4], [6, 5, 6, 5, 6, 5, 6, 5]]) {
    it(`follows a float64 reference with ${sizes.length} hidden layers and a partial last batch`, async () => {
      const plan = planOf([...sizes, 3]);
      const weights = seededWeights([6, ...sizes, 3]);
      const examples = seededExamples({ count: 23, features: 6, classes: 3 });
      const reference = new ReferenceTraining(plan, weights);
      await using session = disposable(await engine.open(plan, startOf(weights)));
      for (let step = 0; step < 12; step++) {
        const rows = rowsOf(examples.count, 8, step % 3);
        const rate = Math.fround(0.01 / (1 + step));
        const [actual, expected] = [
          await session.trainBatch(examples, rows, rate),
          reference.step(examples, rows, rate),
        ];
        assertClose(actual.lossSum, expected.lossSum, LOSS_TOLERANCE, `loss of step ${step}`);
        assert.deepEqual([actual.correct, actual.count], [expected.correct, rows.length], `hits of step ${step}`);
      }
      const [actual, expected] = [await session.evaluate(examples, 8), reference.evaluate(examples)];
      assertClose(actual.loss, expected.loss, LOSS_TOLERANCE, "loss of the evaluation");
      assert.deepEqual([actual.accuracy, actual.correct, actual.count], [expected.correct / 23, expected.correct, 23]);
    });
  }

  it("gives the same bits for the same inputs", async () => {
    const runs = [await trainTwelveSteps(engine), await trainTwelveSteps(engine)];
    assert.deepEqual(runs[0], runs[1]);
  });

  it("reports NaN for an input that is NaN, and stays so", async () => {
    const examples = seededExamples({ count: 64, features: 20, classes: 10 });
    examples.inputs[20] = Number.NaN;
    await using session = disposable(await engine.open(planOf([64, 10]), startOf(seededWeights([20, 64, 10]))));
    assert.equal((await session.trainBatch(examples, rowsOf(64, 32, 0), 0.01)).lossSum, Number.NaN);
    assert.equal((await session.trainBatch(examples, rowsOf(64, 32, 1), 0.01)).lossSum, Number.NaN);
    assert.equal((await session.evaluate(examples, 32)).loss, Number.NaN);
  });

  it("reads a row as often as it is named", async () => {
    const plan = planOf([3]);
    const weights = seededWeights([6, 3]);
    const examples = seededExamples({ count: 4, features: 6, classes: 3 });
    const reference = new ReferenceTraining(plan, weights);
    await using session = disposable(await engine.open(plan, startOf(weights)));
    const rows = Uint32Array.of(3, 3, 0);
    const [actual, expected] = [await session.trainBatch(examples, rows, 0.1), reference.step(examples, rows, 0.1)];
    assertClose(actual.lossSum, expected.lossSum, LOSS_TOLERANCE);
  });

  it("copies weights in and out", async () => {
    const given = seededWeights([6, 3]);
    const before = structuredClone(given);
    const examples = seededExamples({ count: 4, features: 6, classes: 3 });
    await using session = disposable(await engine.open(planOf([3]), startOf(given)));
    const first = await session.readWeights();
    assert.deepEqual(first, before);
    for (let step = 0; step < 3; step++) await session.trainBatch(examples, Uint32Array.of(0, 1), 0.1);
    assert.deepEqual(given, before);
    assert.deepEqual(first, before);
    assert.notDeepEqual(await session.readWeights(), before);
  });
}

function adamContract(engine: Engine): void {
  it("gives the weights that Keras gives for gradients 0.1, -0.2, 0.3, 0", async () => {
    const expected = [0.9983200430870056, 0.9989351034164429, 0.9983584880828857, 0.9978861212730408];
    const weights = denseWeights(0, { inputs: 1, kernel: Float32Array.of(1, 0), bias: Float32Array.of(0, 0) });
    await using session = disposable(await engine.open(planOf([2]), startOf(weights)));
    for (const [step, gradient] of [0.1, -0.2, 0.3, 0].entries()) {
      const example = exampleWithGradient(gradient, await session.readWeights());
      await session.trainBatch(example, Uint32Array.of(0), 0.00168);
      assertClose((await session.readWeights())[0]?.values[0], expected[step], 2e-7, `weight after step ${step}`);
    }
  });

  it("adds epsilon to the root of the uncorrected second moment", async () => {
    const weights = denseWeights(0, { inputs: 1, kernel: Float32Array.of(0, 0), bias: Float32Array.of(0, 0) });
    await using session = disposable(await engine.open(planOf([2]), startOf(weights)));
    const gradient = 1e-7;
    await session.trainBatch(examplesOf(1, [2 * gradient], [1]), Uint32Array.of(0), 0.01);
    const root = Math.sqrt(0.001) * gradient;
    const expected = -0.01 * (root / (root + 1e-7));
    assertClose((await session.readWeights())[0]?.values[0], expected, 1e-5);
  });
}

function evaluationContract(engine: Engine): void {
  it("does not depend on the batch size", async () => {
    const examples = seededExamples({ count: 23, features: 6, classes: 3 });
    await using session = disposable(await engine.open(planOf([5, 3]), startOf(seededWeights([6, 5, 3]))));
    const whole = await session.evaluate(examples, 1000);
    const parts = await session.evaluate(examples, 10);
    assertClose(parts.loss, whole.loss, 1e-6);
    assert.deepEqual({ ...parts, loss: 0 }, { ...whole, loss: 0 });
  });

  it("takes the first of equal outputs", async () => {
    const weights = denseWeights(0, { inputs: 1, kernel: new Float32Array(3), bias: new Float32Array(3) });
    await using session = disposable(await engine.open(planOf([3]), startOf(weights)));
    const examples = examplesOf(1, [1, 1, 1, 1], [0, 1, 2, 0]);
    assert.equal((await session.evaluate(examples, 4)).correct, 2);
    assert.equal((await session.trainBatch(examples, Uint32Array.of(1, 2, 3), 0.1)).correct, 1);
  });

  it("does not clip the loss of a confident error", async () => {
    const weights = denseWeights(0, { inputs: 1, kernel: Float32Array.of(100, 0), bias: new Float32Array(2) });
    await using session = disposable(await engine.open(planOf([2]), startOf(weights)));
    assert.equal((await session.evaluate(examplesOf(1, [1], [1]), 1)).loss, 100);
  });
}

function refusalContract(engine: Engine): void {
  it("refuses weights that do not fit the plan", async () => {
    await assert.rejects(engine.open(planOf([5, 3]), startOf(seededWeights([6, 4, 3]))), ModelShapeError);
    await assert.rejects(engine.open(planOf([3]), startOf(seededWeights([6, 4, 3]))), ModelShapeError);
  });

  it("refuses examples of another width and rows that are not there", async () => {
    await using session = disposable(await engine.open(planOf([3]), startOf(seededWeights([6, 3]))));
    const narrow = seededExamples({ count: 4, features: 5, classes: 3 });
    await assert.rejects(session.trainBatch(narrow, Uint32Array.of(0), 0.1), ModelShapeError);
    await assert.rejects(session.evaluate(narrow, 2), ModelShapeError);
    const fitting = seededExamples({ count: 4, features: 6, classes: 3 });
    await assert.rejects(session.trainBatch(fitting, Uint32Array.of(4), 0.1), RangeError);
  });
}

async function trainTwelveSteps(engine: Engine): Promise<unknown> {
  const examples = seededExamples({ count: 50, features: 40, classes: 10 });
  await using session = disposable(await engine.open(planOf([30, 10]), startOf(seededWeights([40, 30, 10]))));
  const sums: unknown[] = [];
  for (let step = 0; step < 12; step++) {
    sums.push(await session.trainBatch(examples, rowsOf(50, 16, step % 4), 0.01));
  }
  return { sums, evaluation: await session.evaluate(examples, 16), weights: await session.readWeights() };
}

/** One example with one feature, such that the loss has the given gradient in the first of two kernel values. */
function exampleWithGradient(gradient: number, weights: ModelWeights) {
  const [kernel, bias] = weights as readonly [NamedTensor, NamedTensor];
  const label = gradient < 0 ? 0 : 1;
  const slope = (kernel.values[1] as number) - (kernel.values[0] as number);
  const offset = (bias.values[1] as number) - (bias.values[0] as number);
  const gradientAt = (x: number): number => x * (1 / (1 + Math.exp(slope * x + offset)) - (1 - label));
  let [low, high] = [0, 3];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (Math.abs(gradientAt(middle)) < Math.abs(gradient)) low = middle;
    else high = middle;
  }
  return examplesOf(1, [gradient === 0 ? 0 : low], [label]);
}

function disposable<T extends { dispose(): Promise<void> }>(session: T): T & AsyncDisposable {
  return Object.assign(session, { [Symbol.asyncDispose]: () => session.dispose() });
}

function assertClose(
  actual: number | undefined,
  expected: number | undefined,
  tolerance: number,
  what = "value",
): void {
  assert.ok(actual !== undefined && expected !== undefined, `${what} is there`);
  const limit = tolerance * Math.abs(expected);
  assert.ok(Math.abs(actual - expected) <= limit, `${what}: ${actual}, expected ${expected} within ${limit}`);
}
