import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sha256Of } from "@sintonia/protocol/names.fixture";
import { apply } from "../apply.js";
import type { Input } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import { leasedFields, readyState, SAMPLE_INPUTS, sampleLease, trainingPhase } from "../samples.fixture.js";
import { REPORTS_MAX, REPORTS_MAX_LENGTH } from "../state/reports.js";
import type { State } from "../state/state.js";
import { ANSWER_WAIT_MS } from "./report.js";

const { key } = sampleLease;
const TICK: Input = { type: "tick" };
const { measurement } = SAMPLE_INPUTS["epoch-trained"];
const { weights } = leasedFields;
const ANSWER = SAMPLE_INPUTS["report-epoch continue"];
/** Keeps heartbeats, checkpoints and the end of the lease out of these tests. */
const still = { heartbeatSentMs: 1e9, checkpointIntervalMs: 1e9 };

function training(change: Partial<State> = {}): State {
  const saving = { ...trainingPhase.saving, hasNewEpochs: false };
  return { ...readyState({ ...trainingPhase, renewedMs: 1e9, saving }), ...still, ...change };
}

function trained(epoch: number, metrics = measurement.metrics): Input {
  return { type: "epoch-trained", measurement: { ...measurement, metrics, epoch } };
}

function made(epoch: number): Input {
  return {
    type: "checkpoint-made",
    checkpoint: { bytes: new Uint8Array(1), sha256: sha256Of(sha(epoch)), execution: 0, epoch },
  };
}

function sha(epoch: number): string {
  return epoch.toString(16).padStart(64, "0");
}

/** Applies inputs one after the other, each at the time of the one before and a little more. */
function run(state: State, inputs: readonly Input[], nowMs: number): { state: State; effects: string[] } {
  const effects: string[] = [];
  let current = state;
  for (const [index, input] of inputs.entries()) {
    const step: Step = apply(current, input, nowMs + index);
    current = step.state;
    effects.push(...step.effects.map(describeEffect));
  }
  return { state: current, effects };
}

function describeEffect(effect: Step["effects"][number]): string {
  if (effect.type === "report-epoch") return `report ${effect.measurement.epoch}`;
  if (effect.type === "save-checkpoint") return `save ${effect.checkpoint.epoch}`;
  return effect.type;
}

test("a trial that is to pause is saved with the epoch of the verdict, then handed back", () => {
  const pause = SAMPLE_INPUTS["report-epoch pause"];
  const saved = SAMPLE_INPUTS["save-checkpoint continue"];
  const { state, effects } = run(training(), [trained(0), pause, made(0), saved], 0);
  const handedBack = ["stop-training", "fail-trial"];
  assert.deepEqual(effects, ["report 0", "resume-training", "make-checkpoint", "save 0", ...handedBack]);
  assert.ok(state.phase.name === "failing" && state.phase.failure.kind === "preempted");
});

test("a trial that ends by itself while it is to pause is completed", () => {
  const ended = SAMPLE_INPUTS["training-completed"];
  const { effects } = run(training(), [trained(0), SAMPLE_INPUTS["report-epoch pause"], ended], 0);
  assert.deepEqual(effects, ["report 0", "resume-training", "make-checkpoint", "upload-weights"]);
});

/** Trains epochs while the coordinator is away. Returns the state and the effects. */
function away(state: State, epochs: number, nowMs = 0) {
  const first = run(state, [trained(0)], nowMs);
  const lateMs = nowMs + ANSWER_WAIT_MS;
  const later = Array.from({ length: epochs - 1 }, (_, index) => trained(index + 1));
  const rest = run(first.state, [TICK, ...later], lateMs);
  return { state: rest.state, effects: [...first.effects, ...rest.effects] };
}

describe("training", () => {
  test("waits for the answer to the report of its epoch", () => {
    const { state, effects } = run(training(), [trained(0)], 0);
    assert.deepEqual(effects, ["report 0"]);
    assert.deepEqual(run(state, [TICK], ANSWER_WAIT_MS - 1).effects, []);
    assert.deepEqual(run(state, [ANSWER], 10).effects, ["resume-training"]);
  });

  test("goes on without the answer after a short time, and at once after the epochs that follow", () => {
    assert.deepEqual(away(training(), 4).effects, ["report 0", ...Array(4).fill("resume-training")]);
  });

  test("waits again once the coordinator answers, until it has answered every report", () => {
    const backMs = 100_000;
    const { state } = away(training(), 3);
    const answered = run(state, [ANSWER, trained(3)], backMs);
    assert.deepEqual(answered.effects, ["report 1"], "one report at a time, and training waits");
    const rest = run(answered.state, [ANSWER, ANSWER, ANSWER], backMs + 10);
    assert.deepEqual(rest.effects, ["report 2", "report 3", "resume-training"]);
  });

  test("waits while the trainer holds as many reports as it may", () => {
    const { state, effects } = away(training(), REPORTS_MAX);
    assert.equal(effects.filter((effect) => effect === "resume-training").length, REPORTS_MAX - 1);
    assert.deepEqual(run(state, [TICK], 1e6).effects, []);
    const answered = run(state, [ANSWER], 1e6);
    assert.deepEqual(answered.effects, ["report 1"]);
    assert.deepEqual(run(answered.state, [TICK], 1e6 + ANSWER_WAIT_MS).effects, ["resume-training"]);
  });

  test("waits while the reports have as many bytes as the trainer may hold", () => {
    const metrics = { ["m".repeat(REPORTS_MAX_LENGTH)]: 1 };
    const { state } = run(training(), [trained(0, metrics)], 0);
    assert.deepEqual(run(state, [TICK], 1e6).effects, []);
    assert.deepEqual(run(state, [ANSWER], 1e6).effects, ["resume-training"]);
  });
});

describe("a late answer", () => {
  test("to stop ends the trial in the middle of a later epoch", () => {
    const { state } = away(training(), 3);
    const stopped = run(state, [SAMPLE_INPUTS["report-epoch stop"]], 9_000);
    assert.deepEqual(stopped.effects, ["end-attempt", "stop-training", "send-heartbeat"]);
  });

  test("to stop ends a trial that has trained all its epochs, before its weights are uploaded", () => {
    const completed = run(away(training(), 3).state, [SAMPLE_INPUTS["training-completed"]], 9_000);
    assert.deepEqual(completed.effects, []);
    const stopped = run(completed.state, [ANSWER, SAMPLE_INPUTS["report-epoch stop"]], 9_100);
    assert.deepEqual(stopped.effects, ["report 1", "end-attempt", "send-heartbeat", "pull-assignment"]);
  });
});

describe("the end of training", () => {
  test("is told to the coordinator after every report", () => {
    const { state } = away(training(), 2);
    const { failure } = leasedFields;
    for (const [end, effect] of [
      [SAMPLE_INPUTS["training-completed"], { type: "upload-weights", lease: key, weights }],
      [SAMPLE_INPUTS["training-failed"], { type: "fail-trial", lease: key, failure }],
    ] as const) {
      const ended = run(state, [end, ANSWER], 9_000);
      assert.deepEqual(ended.effects, ["report 1"]);
      assert.deepEqual(apply(ended.state, ANSWER, 9_100).effects, [effect]);
    }
  });

  test("by a crash uploads the held checkpoint between the reports and the failure", () => {
    const { state } = away(training({ checkpointIntervalMs: 0 }), 2);
    const held = run(state, [made(1), SAMPLE_INPUTS["child-died"]], 9_000);
    assert.deepEqual(held.effects, ["start-training-process"]);
    const reported = run(held.state, [ANSWER, ANSWER], 9_100);
    assert.deepEqual(reported.effects, ["report 1", "save 1"]);
    assert.deepEqual(run(reported.state, [SAMPLE_INPUTS["save-checkpoint continue"]], 9_200).effects, ["fail-trial"]);
  });
});

describe("a checkpoint", () => {
  test("is uploaded after the reports of the epochs that it covers, the newest alone", () => {
    const eager = training({ checkpointIntervalMs: 0 });
    const begun = run(eager, [trained(0), TICK], 0);
    assert.deepEqual(begun.effects, ["report 0"]);
    const first = run(begun.state, [TICK, made(0), trained(1), made(1), trained(2)], ANSWER_WAIT_MS);
    const round = ["resume-training", "make-checkpoint"];
    assert.deepEqual(first.effects, [...round, ...round, ...round], "no checkpoint is uploaded yet");
    const answered = run(first.state, [ANSWER], 9_000);
    assert.deepEqual(answered.effects, ["report 1"], "of epoch 0 none is left");
    assert.deepEqual(run(answered.state, [ANSWER], 9_100).effects, ["report 2", "save 1"]);
  });

  test("that is uploaded may be older than the one that the trainer holds, which follows", () => {
    const eager = training({ checkpointIntervalMs: 0 });
    const first = run(eager, [trained(0), ANSWER, made(0)], 0);
    assert.deepEqual(first.effects, ["report 0", "resume-training", "make-checkpoint", "save 0"]);
    const saved = run(first.state, [trained(1), ANSWER, SAMPLE_INPUTS["save-checkpoint continue"]], 100);
    assert.deepEqual(saved.effects, ["report 1", "resume-training", "make-checkpoint"]);
  });

  test("is the last act of a drain, after the reports", () => {
    const { state } = away(training({ checkpointIntervalMs: 0 }), 1);
    const draining = run(state, [made(0), { type: "drain" }], 9_000);
    assert.deepEqual(draining.effects, []);
    const reported = run(draining.state, [ANSWER], 9_100);
    assert.deepEqual(reported.effects, ["save 0"]);
    assert.deepEqual(run(reported.state, [SAMPLE_INPUTS["save-checkpoint continue"]], 9_200).effects, ["fail-trial"]);
  });
});
