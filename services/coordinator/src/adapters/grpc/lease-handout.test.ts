import assert from "node:assert/strict";
import { test } from "node:test";
import type { StudyInput } from "../../core/boundary/input.js";
import { Scenario } from "../../core/scenario.fixture.js";
import type { Coordinator } from "../../shell/running/coordinator.js";
import { type TrainerServiceContext, trainerService } from "./trainer-service.js";

const REQUEST = { studyId: "study", trialId: "0", attempt: 1, trainer: { id: "trainer-1" } };

test("a fault after the grant fails the trial, whose next lease is refused", async () => {
  const scenario = new Scenario();
  scenario.suggest();
  const plan = {
    toJSON: () => {
      throw new RangeError("too long");
    },
  };
  const coordinator = {
    noteTrainer: async () => undefined,
    orderFor: () => "none",
    study: () => scenario.study,
    submit: async (_: string, input: StudyInput) => {
      const answer = scenario.submit(input);
      return answer.kind === "granted" ? { ...answer, plan } : answer;
    },
  } as unknown as Coordinator;
  const service = trainerService({ coordinator, leaseTtlMs: 1_000 } as TrainerServiceContext);
  const acquire = async () =>
    service.acquireLease(REQUEST as never, { caller: { name: "trainer-1", role: "trainer" } } as never);
  await assert.rejects(acquire, /too long/);
  const { state, message } = scenario.trial(0);
  assert.deepEqual([state, message], ["failed", "The lease could not be handed out: too long"]);
  assert.deepEqual((await acquire()).outcome?.$case, "refusal");
});
