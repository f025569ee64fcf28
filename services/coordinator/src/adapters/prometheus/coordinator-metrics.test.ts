import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { studyIdOf } from "@sintonia/protocol/names.fixture";
import { readExposition } from "@sintonia/runtime/metrics/exposition.fixture";
import { Registry } from "prom-client";
import { epochOf, Scenario, specOf, WEIGHTS } from "../../core/scenario.fixture.js";
import type { Study } from "../../core/state/study.js";
import { CoordinatorMetrics } from "./coordinator-metrics.js";
import { addStandingMetrics, type MeteredCoordinator } from "./standing-metrics.js";

const PARTS = new Map([
  ["nats", true],
  ["state folder", false],
]);

/** Returns the values of all series of a coordinator; undefined if it follows. */
async function scraped(coordinator: MeteredCoordinator | undefined, prepare: (meter: CoordinatorMetrics) => void) {
  const registry = new Registry();
  prepare(new CoordinatorMetrics(registry));
  const sources = {
    coordinator: () => coordinator,
    termNumber: () => 7,
    health: () => PARTS,
    isStoreDurable: false,
    availableBytes: async () => 1_000,
  };
  addStandingMetrics(registry, sources);
  const families = readExposition(await registry.metrics());
  return new Map([...families.values()].flatMap(({ series }) => [...series]));
}

function leader(studies: readonly Study[]): MeteredCoordinator {
  return {
    studies: () => studies,
    damagedStudies: () => [{}],
    trainerCount: () => 3,
    trainerClasses: () => ["gpu"],
    cordonedCount: () => 1,
    waitingInputs: () => 4,
  };
}

function nothing(): void {}

/** Returns a study of 10 trials, of which two run and one has completed. */
function study(id: string): Study {
  const scenario = new Scenario(specOf({ maxTrials: 10, parallelTrials: 4 }), 3);
  return { ...scenario.study, id: studyIdOf(id) };
}

describe("the metrics of a coordinator", () => {
  it("show the standing of a leader", async () => {
    const series = await scraped(leader([study("one"), study("two")]), nothing);
    const values = {
      "sintonia_leader{}": 1,
      "sintonia_leader_term{}": 7,
      "sintonia_store_durable{}": 0,
      'sintonia_healthy{part="nats"}': 1,
      'sintonia_healthy{part="state folder"}': 0,
      'sintonia_studies{status="active"}': 2,
      "sintonia_studies_damaged{}": 1,
      "sintonia_trainers{}": 3,
      "sintonia_trainers_wanted{}": 8,
      'sintonia_trainers_wanted_by_class{class="any"}': 8,
      'sintonia_trainers_wanted_by_class{class="gpu"}': 0,
      "sintonia_inputs_waiting{}": 4,
      "sintonia_state_folder_available_bytes{}": 1_000,
    };
    for (const [name, value] of Object.entries(values)) assert.equal(series.get(name), value, name);
  });

  it("show the studies that wait for a person, and the bytes that studies name", async () => {
    const scenario = new Scenario(specOf({ maxTrials: 10, parallelTrials: 4 }), 3);
    scenario.complete(0.9);
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.5));
    scenario.save(lease, 0);
    const models = [{ ...WEIGHTS, kind: "onnx-model", sizeBytes: 7 }] as const;
    const waiting = { ...scenario.study, models, evaluationFault: "no data" };
    const paused = { ...study("three"), pause: { reason: "Enough.", since: 0 } };
    const ended = { ...study("two"), evaluationFault: "no data", status: "stopped" } as const;
    const series = await scraped(leader([waiting, ended, paused]), nothing);
    assert.equal(series.get("sintonia_evaluations_waiting{}"), 1);
    assert.equal(series.get("sintonia_studies_paused{}"), 1);
    const bytes = { weights: 8, checkpoint: 16, "onnx-model": 7, "program-files": 0 };
    for (const [kind, value] of Object.entries(bytes))
      assert.equal(series.get(`sintonia_artifact_bytes{kind="${kind}"}`), value, kind);
  });

  it("of a follower are 0, so that sums over all coordinators are right", async () => {
    const series = await scraped(undefined, nothing);
    for (const [name, value] of series)
      if (/sintonia_(leader\{|studies|evaluations|trials|trainers)/.test(name)) assert.equal(value, 0);
    assert.equal(series.get('sintonia_trials{state="running"}'), 0);
  });

  it("count events, reports, appends, questions and mended records", async () => {
    const series = await scraped(leader([]), (meter) => {
      meter.stored([
        { type: "trial-requeued", trialId: "0", attempt: 2, reason: "gone" },
        { type: "trial-requeued", trialId: "0", attempt: 3, reason: "gone", counted: false },
        { type: "trial-cancelled", trialId: "0" },
        { type: "trainer-set-aside", trainerId: "t", trialId: "0", reason: "no data" },
      ]);
      meter.reported("accepted");
      meter.reported("overloaded");
      meter.appended("stored", 0.003);
      meter.answered("suggest", 2);
      meter.mended(5);
    });
    const values = {
      'sintonia_leases_lost_total{counted="true"}': 1,
      'sintonia_leases_lost_total{counted="false"}': 1,
      'sintonia_trials_ended_total{state="cancelled"}': 1,
      "sintonia_trainers_set_aside_total{}": 1,
      'sintonia_reports_total{outcome="accepted"}': 1,
      'sintonia_reports_total{outcome="overloaded"}': 1,
      'sintonia_reports_total{outcome="lease_lost"}': 0,
      'sintonia_log_append_seconds_bucket{le="0.005",outcome="stored"}': 1,
      'sintonia_oracle_seconds_sum{question="suggest"}': 2,
      "sintonia_log_records_mended_total{}": 5,
    };
    for (const [name, value] of Object.entries(values)) assert.equal(series.get(name), value, name);
  });

  it("have as many series with 100 studies as without any", async () => {
    const none = await scraped(leader([]), nothing);
    const many = await scraped(leader(Array.from({ length: 100 }, (_, index) => study(`study-${index}`))), (meter) =>
      meter.stored([{ type: "trial-cancelled", trialId: "x" }]),
    );
    assert.deepEqual([...many.keys()], [...none.keys()]);
  });
});
