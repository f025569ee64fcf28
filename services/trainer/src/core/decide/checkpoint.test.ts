import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apply } from "../apply.js";
import type { Input } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import {
  CHECKPOINT_INTERVAL_MS,
  readyState,
  SAMPLE_INPUTS,
  sampleLease,
  storedCheckpoints,
  trainingPhase,
} from "../samples.fixture.js";
import type { State } from "../state/state.js";

const { key } = sampleLease;
const TICK: Input = { type: "tick" };
const [best, second] = storedCheckpoints;
/** Keeps heartbeats out of these tests. */
const idleUntilMs = { heartbeatSentMs: 1e9 };

/** A state in training, whose last checkpoint began at 0 ms, without newer epochs. */
function training(change: Partial<State> = {}): State {
  const phase = {
    ...trainingPhase,
    renewedMs: 1e9,
    saving: { begunMs: 0, isMaking: false, isUploading: false, hasNewEpochs: false },
  };
  return { ...readyState(phase), ...idleUntilMs, ...change };
}

/** An epoch whose report is answered at once. */
function epoch(state: State, nowMs: number): Step {
  const trained = apply(state, SAMPLE_INPUTS["epoch-trained"], nowMs);
  assert.deepEqual(effectsOf(trained), ["report-epoch"]);
  return apply(trained.state, SAMPLE_INPUTS["report-epoch continue"], nowMs);
}

/** A checkpoint that the training process makes at once. */
function made({ state }: Step, nowMs: number): State {
  const step = apply(state, SAMPLE_INPUTS["checkpoint-made"], nowMs);
  assert.deepEqual(effectsOf(step), ["save-checkpoint"]);
  return step.state;
}

function effectsOf({ effects }: Step): string[] {
  return effects.map(({ type }) => type);
}

describe("checkpoints of a trial in training", () => {
  test("begin once the interval has passed and an epoch is reported", () => {
    assert.deepEqual(apply(training(), TICK, CHECKPOINT_INTERVAL_MS).effects, []);
    const reported = epoch(training(), 20_000);
    assert.deepEqual(effectsOf(reported), ["resume-training"]);
    assert.deepEqual(apply(reported.state, TICK, CHECKPOINT_INTERVAL_MS - 1).effects, []);
    assert.deepEqual(effectsOf(apply(reported.state, TICK, CHECKPOINT_INTERVAL_MS)), ["make-checkpoint"]);
  });

  test("begin right after an epoch if one is due, after training has resumed", () => {
    const reported = epoch(training(), CHECKPOINT_INTERVAL_MS);
    assert.deepEqual(effectsOf(reported), ["resume-training", "make-checkpoint"]);
  });

  test("begin after every epoch if the interval is 0, one at a time", () => {
    const eager = training({ checkpointIntervalMs: 0 });
    const first = epoch(eager, 1_000);
    assert.deepEqual(effectsOf(first), ["resume-training", "make-checkpoint"]);
    const next = epoch(first.state, 2_000);
    assert.deepEqual(effectsOf(next), ["resume-training"]);
    const saved = apply(made(next, 2_500), SAMPLE_INPUTS["save-checkpoint continue"], 3_000);
    assert.deepEqual(effectsOf(saved), ["make-checkpoint"], "of the epoch that came meanwhile");
    assert.deepEqual(apply(saved.state, TICK, 4_000).effects, []);
  });

  test("may fail without effect on training, and the next one begins after the interval", () => {
    for (const label of ["checkpoint-failed", "save-checkpoint rejected"] as const) {
      const begun = epoch(training(), CHECKPOINT_INTERVAL_MS);
      const state = label === "checkpoint-failed" ? begun.state : made(begun, 30_500);
      const failed = apply(state, SAMPLE_INPUTS[label], 31_000);
      assert.deepEqual(failed.effects, [], label);
      assert.deepEqual(apply(failed.state, TICK, 1e8).effects, [], "there is no new epoch to save");
      const reported = epoch(failed.state, 40_000);
      assert.deepEqual(effectsOf(reported), ["resume-training"]);
      assert.deepEqual(effectsOf(apply(reported.state, TICK, 2 * CHECKPOINT_INTERVAL_MS)), ["make-checkpoint"]);
    }
  });
});

describe("a lease that names checkpoints", () => {
  const { assignment } = SAMPLE_INPUTS["assignment-received"];
  const lease = { ...sampleLease, checkpoints: storedCheckpoints };

  function granted(): Step {
    const state: State = { ...readyState({ name: "leasing", assignment, giveUpAtMs: 1e9 }), ...idleUntilMs };
    return apply(state, { type: "lease-granted", assignment, lease, sentMs: 1e9 }, 10_000);
  }

  function refused(state: State, checkpoint: typeof best): Step {
    const bytes = new Uint8Array(3);
    const downloaded: Input = {
      type: "checkpoint-downloaded",
      token: key.token,
      sha256: checkpoint.sha256,
      bytes,
    };
    const given = apply(state, downloaded, 10_100);
    assert.deepEqual(given.effects, [{ type: "train", lease, checkpoint: bytes }]);
    return apply(given.state, SAMPLE_INPUTS["checkpoint-refused"], 10_200);
  }

  test("resumes from the newest, once the coordinator has answered", () => {
    const { state, effects } = granted();
    assert.deepEqual(effects, [
      { type: "accept-assignment", assignment },
      { type: "download-checkpoint", lease: key, checkpoint: best },
    ]);
    const given = apply(state, SAMPLE_INPUTS["checkpoint-downloaded"], 10_100);
    const accepted = apply(given.state, SAMPLE_INPUTS["checkpoint-accepted"], 10_200);
    assert.deepEqual(accepted.effects, [{ type: "resume-trial", lease: key, sha256: best.sha256 }]);
    const resumed = apply(accepted.state, SAMPLE_INPUTS["resume-trial continue"], 10_300);
    assert.deepEqual(effectsOf(resumed), ["resume-training"]);
    assert.equal(resumed.state.phase.name, "training");
  });

  test("resumes from the one before if the newest is unavailable or refused", () => {
    const unavailable = apply(granted().state, SAMPLE_INPUTS["checkpoint-unavailable"], 10_100);
    for (const next of [unavailable, refused(granted().state, best)]) {
      assert.deepEqual(next.effects, [{ type: "download-checkpoint", lease: key, checkpoint: second }]);
      assert.equal(next.state.phase.name, "restoring");
    }
  });

  test("starts from the beginning if none is usable", () => {
    const last = refused(refused(granted().state, best).state, second);
    assert.deepEqual(last.effects, [{ type: "train", lease }]);
    assert.equal(last.state.phase.name, "training");
  });

  test("ignores the download of another checkpoint", () => {
    const { state } = refused(granted().state, best);
    for (const label of ["checkpoint-downloaded", "checkpoint-unavailable"] as const) {
      assert.deepEqual(apply(state, SAMPLE_INPUTS[label], 10_300), { state, effects: [] }, label);
    }
  });
});
