import assert from "node:assert/strict";
import { it } from "node:test";
import { readExposition } from "@sintonia/runtime/metrics/exposition.fixture";
import { Registry } from "prom-client";
import { apply } from "../../core/apply.js";
import type { Input } from "../../core/boundary/input.js";
import { CHECKPOINT_INTERVAL_MS, readyState, SAMPLE_INPUTS, SAMPLE_PHASES } from "../../core/samples.fixture.js";
import type { State } from "../../core/state/state.js";
import { TrainerMetrics } from "./trainer-metrics.js";

/** Applies inputs and returns the values of all series that are not 0. */
async function valuesAfter(inputs: readonly Input[], first: State = readyState({ name: "idle" })) {
  const registry = new Registry();
  const metrics = new TrainerMetrics(registry);
  let state = first;
  for (const input of inputs) {
    const step = apply(state, input, 10_000);
    state = step.state;
    metrics.ofSlot(1)({ input, ...step });
  }
  const families = readExposition(await registry.metrics());
  const series = [...families.values()].flatMap(({ series }) => [...series]);
  return { count: series.length, values: Object.fromEntries(series.filter(([, value]) => value !== 0)) };
}

it("counts epochs, checkpoints and the ends of attempts, and shows what is under way", async () => {
  const { "assignment-received": assigned, "lease-granted": granted, "epoch-trained": epoch } = SAMPLE_INPUTS;
  const training = await valuesAfter([assigned, granted, epoch]);
  assert.equal(training.values["sintonia_trainer_trial_running{}"], 1);
  assert.equal(training.values["sintonia_trainer_reports_buffered{}"], 1);
  assert.equal(training.values["sintonia_trainer_epochs_total{}"], 1);
  assert.equal(training.values["sintonia_trainer_examples_total{}"], epoch.examples);
  assert.equal(training.values["sintonia_trainer_epoch_seconds_sum{}"], epoch.measurement.seconds);
  const ended = await valuesAfter([
    assigned,
    granted,
    epoch,
    SAMPLE_INPUTS["report-epoch continue"],
    SAMPLE_INPUTS["checkpoint-failed"],
    SAMPLE_INPUTS["save-checkpoint continue"],
    SAMPLE_INPUTS["save-checkpoint rejected"],
    SAMPLE_INPUTS["training-completed"],
    SAMPLE_INPUTS["upload-weights continue"],
    SAMPLE_INPUTS["complete-trial continue"],
  ]);
  assert.equal(ended.values["sintonia_trainer_trial_running{}"], undefined);
  for (const outcome of ["saved", "rejected", "failed"]) {
    assert.equal(ended.values[`sintonia_trainer_checkpoints_total{outcome="${outcome}"}`], 1);
  }
  assert.equal(ended.values['sintonia_trainer_attempts_total{end="completed"}'], 1);
});

it("shows that the coordinator refuses the trainer", async () => {
  const { "trainer-refused": refused, "trainer-accepted": accepted } = SAMPLE_INPUTS;
  assert.equal((await valuesAfter([refused])).values["sintonia_trainer_refused{}"], 1);
  assert.equal((await valuesAfter([refused, accepted])).values["sintonia_trainer_refused{}"], undefined);
});

it("has the same series whatever the trainer does", async () => {
  const { count } = await valuesAfter([]);
  for (const phase of SAMPLE_PHASES) {
    const state = { ...readyState(phase), checkpointIntervalMs: CHECKPOINT_INTERVAL_MS };
    assert.equal((await valuesAfter(Object.values(SAMPLE_INPUTS), state)).count, count, phase.name);
  }
});
