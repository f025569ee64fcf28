import assert from "node:assert/strict";
import { it } from "node:test";
import type { Engine } from "../engine/contract/engine.js";
import { planOf, seededExamples, seededWeights } from "../engine/contract/problem.fixture.js";
import { startEngine } from "../engine/engines.js";
import { ReferenceTraining } from "../engine/reference/reference-training.fixture.js";
import { evaluateWeights } from "./evaluate-weights.js";

const PLAN = planOf([5, 3]);
const WEIGHTS = seededWeights([6, 5, 3]);
const EXAMPLES = seededExamples({ count: 23, features: 6, classes: 3 });

it("measures weights with an engine", async () => {
  const engine = await startEngine("onnx");
  const result = await evaluateWeights({ engine, plan: PLAN, weights: WEIGHTS, examples: EXAMPLES, batchSize: 8 });
  const expected = new ReferenceTraining(PLAN, WEIGHTS).evaluate(EXAMPLES);
  assert.ok(Math.abs(result.loss - expected.loss) < 1e-6);
  assert.deepEqual([result.correct, result.count], [expected.correct, 23]);
});

it("disposes of its session if the evaluation fails", async () => {
  let disposed = 0;
  const session = { evaluate: () => Promise.reject(new Error("broken")), dispose: async () => void disposed++ };
  const engine = { open: async () => session } as unknown as Engine;
  const request = { engine, plan: PLAN, weights: WEIGHTS, examples: EXAMPLES, batchSize: 8 };
  await assert.rejects(evaluateWeights(request), /broken/);
  assert.equal(disposed, 1);
});
