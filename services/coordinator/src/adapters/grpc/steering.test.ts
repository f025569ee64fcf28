import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "nice-grpc-common";
import { Scenario, specOf } from "../../core/scenario.fixture.js";
import type { Study } from "../../core/state/study.js";
import type { Coordinator } from "../../shell/running/coordinator.js";
import { steering } from "./steering.js";

/** Returns the call that extends a study, and the inputs that it submits. */
function extension(study: Study, { stored = true, others = 0 } = {}) {
  const inputs: string[] = [];
  const coordinator = {
    study: () => study,
    studies: () => Array(others).fill(new Scenario().study),
    submit: async (_: string, { type }: { readonly type: string }) => void inputs.push(type),
    standing: () => ({ waiting: undefined, activeMs: 0 }),
  } as unknown as Coordinator;
  const { extendStudy } = steering(coordinator, { sizeOf: async () => (stored ? 8 : undefined) });
  const request = {
    studyId: study.id,
    maxTrials: 5,
    maxEpochs: 0,
    maxSeconds: 0,
    maxTrainerSeconds: 0,
    minImprovement: 0,
    maxGap: 0,
  };
  return { inputs, call: async () => await extendStudy(request, undefined as never) };
}

function ended(): Study {
  const scenario = new Scenario(specOf({ maxTrials: 3 }));
  scenario.complete(0.9);
  scenario.submit({ type: "stop-study", reason: "Enough." });
  scenario.select("0");
  scenario.submit({ type: "stop-study", reason: "Enough." });
  scenario.submit({ type: "evaluation-failed", trialId: "0", message: "No data." });
  scenario.submit({ type: "stop-study", reason: "Enough." });
  assert.equal(scenario.study.status, "stopped");
  return scenario.study;
}

test("an ended study whose trials have their weights is extended", async () => {
  const { call, inputs } = extension(ended());
  await call();
  assert.deepEqual(inputs, ["extend-study"]);
});

test("an ended study without the weights of its trials is not extended, an active one is", async () => {
  const { call, inputs } = extension(ended(), { stored: false });
  await assert.rejects(call(), { code: Status.FAILED_PRECONDITION, details: /as after an import/ });
  assert.deepEqual(inputs, []);
  const active = new Scenario();
  active.complete(0.9);
  await extension(active.study, { stored: false }).call();
});

test("no ended study is extended while 5,000 are open", async () => {
  await assert.rejects(extension(ended(), { others: 5_000 }).call(), { code: Status.RESOURCE_EXHAUSTED });
});
