import assert from "node:assert/strict";
import { test } from "node:test";
import { LeaseRefusal } from "@sintonia/proto/sintonia/v1/trainer";
import type { StudyInput } from "../../core/boundary/input.js";
import { Scenario, specOf } from "../../core/scenario.fixture.js";
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

test("an unfit trainer of an earlier version gets a refusal that it knows", async () => {
  const scenario = new Scenario({ ...specOf(), resources: { flavour: "large" } });
  scenario.suggest();
  const coordinator = {
    noteTrainer: async () => undefined,
    orderFor: () => "none",
    submit: async (_: string, input: StudyInput) => scenario.submit(input),
  } as unknown as Coordinator;
  const service = trainerService({ coordinator, leaseTtlMs: 1_000 } as TrainerServiceContext);
  const refusalOf = async (equipment: object | undefined) => {
    const request = { ...REQUEST, trainer: { id: "trainer-1", equipment } };
    const caller = { name: "trainer-1", role: "trainer" };
    return (await service.acquireLease(request as never, { caller } as never)).outcome?.value;
  };
  assert.equal(await refusalOf({ flavour: "small", gpus: 0, memoryBytes: 1 }), LeaseRefusal.UNFIT);
  assert.equal(await refusalOf(undefined), LeaseRefusal.SET_ASIDE);
});
