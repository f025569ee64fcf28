import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeasuredFact } from "@sintonia/tuning/aims/facts";
import { planOf, seededExamples, seededWeights } from "../engine/contract/problem.fixture.js";
import { startEngine } from "../engine/engines.js";
import { measureFacts, measureNetwork } from "./model-facts.js";

const EXAMPLES = seededExamples({ count: 23, features: 6, classes: 3 });

function asking(...outcomes: readonly MeasuredFact[]) {
  return { ...planOf([5, 3]), outcomes };
}

test("counts the parameters of a network, and times its predictions of one row", async () => {
  const request = {
    engine: await startEngine("onnx"),
    weights: seededWeights([6, 5, 3]),
    examples: EXAMPLES,
    now: () => performance.now(),
  };
  const facts = await measureNetwork(asking("parameters", "latency_ms"), request);
  assert.equal(facts.parameters, (6 + 1) * 5 + (5 + 1) * 3);
  assert.ok((facts.latency_ms ?? 0) > 0);
  assert.deepEqual(await measureNetwork(planOf([5, 3]), request), {});
});

test("the latency is the median of the predictions after the first ones", async () => {
  let [clock, calls] = [0, 0];
  const predict = async () => {
    calls += 1;
    clock += calls <= 10 ? 90 : calls % 3 === 0 ? 40 : 2;
    return new Float32Array(3);
  };
  const measured = { session: { predict }, parameters: 1, examples: EXAMPLES, now: () => clock };
  assert.deepEqual(await measureFacts(asking("latency_ms"), measured), { latency_ms: 2 });
  assert.ok(calls < 110, "slow predictions end the measuring early");
  assert.deepEqual(await measureFacts(asking("parameters"), measured), { parameters: 1 });
});
