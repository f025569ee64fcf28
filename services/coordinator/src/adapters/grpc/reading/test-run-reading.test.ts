import assert from "node:assert/strict";
import { test } from "node:test";
import { type AdminServiceClient, AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrialState } from "@sintonia/proto/sintonia/v1/study";
import { inProcessClient } from "@sintonia/runtime/grpc/in-process-client";
import { Status } from "nice-grpc-common";
import { Scenario, WEIGHTS } from "../../../core/scenario.fixture.js";
import { figuresOf, testedScenario, testedStudy } from "../../../core/test-run.fixture.js";
import type { Studies } from "../../../shell/studies.js";
import { MemoryArtifactStore } from "../../memory/artifact-store.js";
import { studyReading } from "./study-reading.js";

function clientOf(scenario: Scenario): AdminServiceClient {
  const studies = {
    study: () => scenario.study,
    studies: () => [scenario.study],
    standing: () => ({ activeMs: 0 }),
    damagedStudy: () => undefined,
  } as unknown as Studies;
  const outputs = { attemptOf: async () => 1, read: async function* () {} };
  const reading = studyReading({ studies, artifacts: new MemoryArtifactStore(), outputs });
  return inProcessClient<AdminServiceClient>(AdminServiceDefinition, reading as never);
}

const KEY = { studyId: "study", trialId: "test" };

test("a test run has its place in the study and under its id, and is not among the trials", async () => {
  const scenario = testedScenario();
  const client = clientOf(scenario);
  const { study: queued } = await client.getStudy(KEY);
  assert.deepEqual(
    [queued?.testRun?.id, queued?.testRun?.tests, queued?.testRun?.state],
    ["test", "1", TrialState.QUEUED],
  );
  assert.deepEqual([queued?.trialCount, queued?.settledCount, queued?.expectedTrialCount], [2, 2, 2]);
  const listed = await client.listTrials({ studyId: "study" });
  assert.deepEqual(
    listed.trials.map(({ id }) => id),
    ["0", "1"],
  );
  assert.deepEqual(
    (await client.listTrials(KEY)).trials.map(({ id }) => id),
    ["test"],
  );
  const lease = scenario.lease(scenario.study.testRun as never);
  scenario.report(lease, figuresOf(0, { auc: 0.9, rows: 3 }));
  scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
  const { study: ended } = await client.getStudy(KEY);
  assert.deepEqual([ended?.testMetrics, ended?.test], [{ auc: 0.9, rows: 3 }, undefined]);
  await assert.rejects(client.explainTrial(KEY), {
    code: Status.FAILED_PRECONDITION,
    details: "No oracle suggested the values of the test run: they are those of trial 1.",
  });
});

test("a study without a test run says when one begins", async () => {
  const client = clientOf(new Scenario(testedStudy()));
  await assert.rejects(client.listTrials(KEY), {
    code: Status.NOT_FOUND,
    details: /^Study study has no test run\. A study with program\.test has one once its best trial is chosen\.$/,
  });
});
