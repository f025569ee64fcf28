import assert from "node:assert/strict";
import { test } from "node:test";
import { PLANS, train } from "../checkpoint/resumption.fixture.js";
import { startEngine } from "../engine/engines.js";

test("a trial's result does not depend on the trials before it in the same engine", async () => {
  const plans = Object.values(PLANS);
  const shared = await startEngine("onnx");
  const inTurn = [];
  for (const plan of [...plans, ...plans.toReversed()]) inTurn.push(await train(plan, shared));
  const alone = [];
  for (const plan of plans) alone.push(await train(plan, await startEngine("onnx")));
  assert.deepEqual(inTurn, [...alone, ...alone.toReversed()]);
});
