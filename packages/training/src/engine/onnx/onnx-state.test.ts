import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Engine, EngineSession, SessionState } from "../engine.js";
import { ModelShapeError } from "../engine-error.js";
import { planOf, rowsOf, seededExamples, seededWeights, startOf } from "../problem.fixture.js";
import { startEngine } from "../start.js";

const PLAN = planOf([30, 10]);
const WEIGHTS = seededWeights([40, 30, 10]);
const EXAMPLES = seededExamples({ count: 50, features: 40, classes: 10 });

const engine = await startEngine("onnx");

describe("the state of an onnx session", () => {
  for (const steps of [0, 1, 4, 5]) {
    it(`goes on to the bit after ${steps} steps`, async () => {
      const whole = await trained(engine, startOf(WEIGHTS), { from: 0, to: 9 });
      const { state } = await trained(engine, startOf(WEIGHTS), { from: 0, to: steps });
      assert.equal(state.steps, steps);
      const rest = await trained(engine, { state, seed: 1 }, { from: steps, to: 9 });
      assert.deepEqual(rest.sums, whole.sums.slice(steps));
      assert.deepEqual(rest.state, whole.state);
    });
  }

  it("is a copy that neither side changes", async () => {
    const session = await engine.open(PLAN, startOf(WEIGHTS));
    for (let step = 0; step < 2; step++) await session.trainBatch(EXAMPLES, rowsOf(50, 16, step), 0.01);
    const state = await session.readState();
    const before = structuredClone(state);
    const other = await engine.open(PLAN, { state, seed: 1 });
    for (let step = 0; step < 3; step++) {
      await session.trainBatch(EXAMPLES, rowsOf(50, 16, step), 0.01);
      await other.trainBatch(EXAMPLES, rowsOf(50, 16, step), 0.01);
    }
    assert.deepEqual(state, before);
    await session.dispose();
    await other.dispose();
  });

  it("is given back unchanged by a session that took no step", async () => {
    const { state } = await trained(engine, startOf(WEIGHTS), { from: 0, to: 3 });
    assert.deepEqual((await trained(engine, { state, seed: 1 }, { from: 3, to: 3 })).state, state);
  });

  it("is refused with the slots of another model", async () => {
    const { state } = await trained(engine, startOf(WEIGHTS), { from: 0, to: 1 });
    const damaged: SessionState = { ...state, slots: state.slots.slice(1) };
    await assert.rejects(engine.open(PLAN, { state: damaged, seed: 1 }), ModelShapeError);
  });
});

async function trained(
  engine: Engine,
  start: Parameters<Engine["open"]>[1],
  { from, to }: { readonly from: number; readonly to: number },
) {
  const session: EngineSession = await engine.open(PLAN, start);
  const sums: unknown[] = [];
  for (let step = from; step < to; step++) {
    sums.push(await session.trainBatch(EXAMPLES, rowsOf(50, 16, step % 4), 0.01 / (1 + step)));
  }
  const state = await session.readState();
  await session.dispose();
  return { sums, state };
}
