import assert from "node:assert/strict";
import { it } from "node:test";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import { disposable } from "./assertions.fixture.js";
import type { Engine, EngineSession, SessionState } from "./engine.js";
import { describeEngines } from "./engines.fixture.js";
import { FEATURE_CLASSES, FEATURE_INPUTS, FEATURES, type Feature } from "./features.fixture.js";
import { planOf, rowsOf, seededExamples, seededTensors, seededWeights, startOf } from "./problem.fixture.js";

const EXAMPLES = seededExamples({ count: 25, features: FEATURE_INPUTS, classes: FEATURE_CLASSES });

await describeEngines((engine) => {
  for (const { name, plan, examples } of FEATURES) {
    it(`resumes from a state with the same bits: ${name}`, () => resumes(engine, plan, examples));
  }

  it("gives the same bits for the same inputs, even if other models are trained in between", async () => {
    const first = await trainWide(engine);
    await resumes(engine, planOf([5, FEATURE_CLASSES]));
    assert.deepEqual(await trainWide(engine), first);
  });

  it("opens a state repeatedly and does not change it", async () => {
    const plan = planOf([5, FEATURE_CLASSES]);
    await using session = disposable(await engine.open(plan, startOf(seededTensors(plan.model.layers, 6))));
    await train(session, EXAMPLES, [0, 3]);
    const state = await session.readState();
    const before = structuredClone(state);
    const ends: unknown[] = [];
    for (let run = 0; run < 2; run++) {
      await using resumed = disposable(await engine.open(plan, { state, seed: 1 }));
      ends.push([await train(resumed, EXAMPLES, [3, 6]), await resumed.readState()]);
      assert.deepEqual(state, before);
    }
    assert.deepEqual(ends[0], ends[1]);
  });

  it("has no slots and the given weights before the first step", async () => {
    const weights = seededWeights([6, 4]);
    await using session = disposable(await engine.open(planOf([4]), startOf(weights)));
    assert.deepEqual(await session.readState(), { steps: 0, weights, slots: [] } satisfies SessionState);
  });
});

/** Compares nine steps of one session with five and four steps of two sessions. */
async function resumes(engine: Engine, plan: TrainingPlan, examples = EXAMPLES): Promise<void> {
  const start = startOf(seededTensors(plan.model.layers, FEATURE_INPUTS), 9);
  await using whole = disposable(await engine.open(plan, start));
  const sums = await train(whole, examples, [0, 9]);

  const state = await firstPart(engine, { plan, examples }, start);
  assert.equal(state.steps, 5);
  await using second = disposable(await engine.open(plan, { state, seed: 9 }));
  assert.deepEqual(await train(second, examples, [5, 9]), sums.slice(5));
  assert.deepEqual(await second.evaluate(examples, 8), await whole.evaluate(examples, 8));
  assert.deepEqual(await second.readState(), await whole.readState());
}

/** Trains five steps. Evaluations and readings in between must not change the result. */
async function firstPart(
  engine: Engine,
  { plan, examples }: Omit<Feature, "name">,
  start: ReturnType<typeof startOf>,
): Promise<SessionState> {
  await using first = disposable(await engine.open(plan, start));
  await train(first, examples, [0, 2]);
  await first.evaluate(examples, 10);
  await first.predict(examples, 10);
  await first.readWeights();
  await train(first, examples, [2, 5]);
  return first.readState();
}

/** Trains steps of 8 rows, with a learning rate that depends on the step. */
async function train(session: EngineSession, examples: Examples, [from, to]: readonly [number, number]) {
  const sums: unknown[] = [];
  for (let step = from; step < to; step++) {
    sums.push(await session.trainBatch(examples, rowsOf(examples.count, 8, step % 4), Math.fround(0.01 / (1 + step))));
  }
  return sums;
}

/** Trains layers that are wide enough for kernels that compute in blocks. */
async function trainWide(engine: Engine): Promise<unknown> {
  const examples = seededExamples({ count: 50, features: 40, classes: 10 });
  await using session = disposable(await engine.open(planOf([30, 10]), startOf(seededWeights([40, 30, 10]))));
  const sums = await train(session, examples, [0, 12]);
  return { sums, evaluation: await session.evaluate(examples, 16), weights: await session.readWeights() };
}
