import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { step } from "../apply.js";
import type { Input } from "../boundary/input.js";
import {
  leasedFields,
  readySession,
  SAMPLE_INPUTS,
  SAMPLE_PHASES,
  sampleLease,
  trainingPhase as training,
} from "../samples.fixture.js";
import type { Phase, Session } from "../state/state.js";
import { GIVE_BACK_DELAY_MS, LEASE_WAIT_MS } from "./lease-request.js";
import { DRAIN_MS, LEAVE_MS } from "./time.js";
import { CRASHES_MAX } from "./training-process.js";
import { IDLE_HEARTBEAT, IDLE_HEARTBEAT_MS } from "./transition.js";

const TICK: Input = { type: "tick" };
const { key, ttlMs, heartbeatIntervalMs } = sampleLease;
const givenBack = {
  type: "fail-trial",
  lease: key,
  failure: { kind: "interrupted", message: "The trainer was asked to stop." },
};
const LEASED = SAMPLE_PHASES.filter((phase) => "lease" in phase);

describe("fencing", () => {
  for (const phase of LEASED) {
    test(`discards the attempt in ${phase.name} when the lease was not renewed for its time to live`, () => {
      const session = readySession(phase);
      const dueMs = leasedFields.renewedMs + ttlMs;
      assert.equal(step(session, TICK, dueMs - 1).session.phase.name, phase.name);
      const fenced = step(session, TICK, dueMs);
      assert.deepEqual(fenced.effects[0], { type: "end-attempt", lease: key, end: "fenced" });
      assert.ok(!("lease" in fenced.session.phase));
      assert.ok(!fenced.effects.some(({ type }) => type === "fail-trial"), "a fenced trainer reports nothing");
    });
  }

  test("counts the time to live from when the renewing request was sent", () => {
    for (const label of ["heartbeat continue", "report-epoch continue"] as const) {
      const answered = step(readySession(training), { ...SAMPLE_INPUTS[label], sentMs: 12_000 }, 19_000);
      assert.equal(step(answered.session, TICK, 12_000 + ttlMs - 1).session.phase.name, "training", label);
      assert.equal(step(answered.session, TICK, 12_000 + ttlMs).session.phase.name, "preparing", label);
    }
  });

  test("is not moved back by the answer to an earlier request", () => {
    const late = step(readySession(training), { ...SAMPLE_INPUTS["heartbeat continue"], sentMs: 5_000 }, 9_900);
    assert.deepEqual(late.session.phase, training);
  });

  test("is not put off by an upload, which renews nothing at the coordinator", () => {
    const session = readySession({ name: "uploading", ...leasedFields });
    const stored = step(session, { ...SAMPLE_INPUTS["upload-weights continue"], sentMs: 20_000 }, 23_000);
    assert.equal(step(stored.session, TICK, leasedFields.renewedMs + ttlMs).session.phase.name, "idle");
  });
});

describe("heartbeats", () => {
  test("renew the lease at the interval that it names", () => {
    const session = readySession(training);
    assert.deepEqual(step(session, TICK, 9_000 + heartbeatIntervalMs - 1).effects, []);
    const beat = step(session, TICK, 9_000 + heartbeatIntervalMs);
    assert.deepEqual(beat.effects, [{ type: "send-heartbeat", lease: key, timeoutMs: heartbeatIntervalMs }]);
    assert.deepEqual(step(beat.session, TICK, 9_000 + heartbeatIntervalMs).effects, []);
  });

  test("go out without a lease in every phase that has none", () => {
    for (const phase of SAMPLE_PHASES.filter((phase) => !("lease" in phase) && phase.name !== "stopped")) {
      assert.deepEqual(step(readySession(phase), TICK, 9_000 + IDLE_HEARTBEAT_MS).effects, [IDLE_HEARTBEAT]);
    }
  });

  test("end with the session", () => {
    assert.deepEqual(step(readySession({ name: "stopped" }), TICK, 1e9).effects, []);
  });
});

describe("a coordinator that stays away", () => {
  test("makes the trainer give the assignment back, after a while, and pull another", () => {
    const asked = step(readySession({ name: "idle" }), SAMPLE_INPUTS["assignment-received"], 9_000);
    const { assignment } = SAMPLE_INPUTS["assignment-received"];
    assert.equal(step(asked.session, TICK, 9_000 + LEASE_WAIT_MS - 1).session.phase.name, "leasing");
    const { session, effects } = step(asked.session, TICK, 9_000 + LEASE_WAIT_MS);
    assert.equal(session.phase.name, "idle");
    assert.deepEqual(effects, [
      { type: "cancel-lease-request", assignment },
      { type: "give-back-assignment", assignment, delayMs: GIVE_BACK_DELAY_MS },
      { type: "pull-assignment" },
    ]);
  });
});

describe("a drain", () => {
  test("gives a trial back at once that has no epoch to save", () => {
    const nothingNew = { ...training, saving: { ...training.saving, hasNewEpochs: false } };
    const { effects } = step(readySession(nothingNew), { type: "drain" }, 10_000);
    assert.deepEqual(effects, [givenBack]);
  });

  test("saves the trial in training before it gives it back", () => {
    const draining = drained(training);
    assert.equal(draining.phase.name, "leaving");
    const made = step(draining, SAMPLE_INPUTS["checkpoint-made"], 10_100);
    const { checkpoint } = SAMPLE_INPUTS["checkpoint-made"];
    assert.deepEqual(made.effects, [{ type: "save-checkpoint", lease: key, checkpoint }]);
    const saved = step(made.session, SAMPLE_INPUTS["save-checkpoint continue"], 10_200);
    assert.deepEqual(saved.effects, [givenBack]);
  });

  test("waits for a checkpoint that is under way, and saves another one if there is more", () => {
    const underWay = { begunMs: 9_000, isUnderWay: true, hasNewEpochs: true };
    const { session, effects } = step(readySession({ ...training, saving: underWay }), { type: "drain" }, 10_000);
    assert.deepEqual(effects, []);
    const first = step(session, SAMPLE_INPUTS["save-checkpoint continue"], 10_100);
    assert.deepEqual(first.effects, [{ type: "make-checkpoint" }]);
    const second = step(first.session, SAMPLE_INPUTS["save-checkpoint continue"], 10_200);
    assert.deepEqual(second.effects, [givenBack]);
  });

  test("saves an epoch too whose report was on its way when the drain began, and no later one", () => {
    const draining = drained(training);
    const reported = step(draining, SAMPLE_INPUTS["report-epoch continue"], 10_100);
    assert.deepEqual(reported.effects, [{ type: "resume-training" }]);
    const saved = step(reported.session, SAMPLE_INPUTS["save-checkpoint continue"], 10_200);
    assert.deepEqual(saved.effects, [{ type: "make-checkpoint" }]);
    assert.deepEqual(step(saved.session, SAMPLE_INPUTS["epoch-trained"], 10_300).effects, []);
    const last = step(saved.session, SAMPLE_INPUTS["save-checkpoint continue"], 10_400);
    assert.deepEqual(last.effects, [givenBack]);
  });

  test("gives the trial back when its last checkpoint takes too long, or cannot be made or saved", () => {
    const draining = drained(training);
    assert.deepEqual(step(draining, TICK, 10_000 + LEAVE_MS - 1).effects, []);
    assert.deepEqual(step(draining, TICK, 10_000 + LEAVE_MS).effects, [givenBack]);
    for (const label of ["checkpoint-failed", "save-checkpoint rejected", "child-died"] as const) {
      assert.deepEqual(step(draining, SAMPLE_INPUTS[label], 10_100).effects, [givenBack], label);
    }
  });

  test("lets a training complete that ends before its last checkpoint is saved", () => {
    const { session, effects } = step(drained(training), SAMPLE_INPUTS["training-completed"], 10_100);
    assert.equal(session.phase.name, "uploading");
    assert.deepEqual(effects, [{ type: "upload-weights", lease: key, weights: leasedFields.weights }]);
    assert.deepEqual(step(session, SAMPLE_INPUTS["save-checkpoint continue"], 10_200).effects, []);
  });

  test("lets a trained trial be uploaded and completed, then stops without a fault", () => {
    const draining = drained({ name: "uploading", ...leasedFields });
    const stored = step(draining, SAMPLE_INPUTS["upload-weights continue"], 10_100);
    const { session, effects } = step(stored.session, SAMPLE_INPUTS["complete-trial continue"], 10_200);
    assert.deepEqual(session.phase, { name: "stopped" });
    assert.deepEqual(effects, [{ type: "end-attempt", lease: key, end: "completed" }]);
  });

  test("ends in every phase when the coordinator has not answered in time", () => {
    for (const phase of LEASED) {
      const draining = drained(phase);
      assert.notEqual(step(draining, TICK, 10_000 + DRAIN_MS - 1).session.phase.name, "stopped");
      const { session, effects } = step(draining, TICK, 10_000 + DRAIN_MS);
      assert.deepEqual(session.phase, { name: "stopped" });
      assert.deepEqual(effects[0], { type: "end-attempt", lease: key, end: "unreported" });
      assert.ok(effects.slice(1).every(({ type }) => type === "stop-training"));
    }
  });

  test("takes a second wish to end for the first", () => {
    const draining = drained(training);
    assert.deepEqual(step(draining, { type: "drain" }, 11_000), { session: draining, effects: [] });
  });

  test("starts no training process any more", () => {
    const draining = drained(training);
    const died = step(draining, SAMPLE_INPUTS["child-died"], 10_100);
    assert.deepEqual(died.effects, [givenBack]);
    assert.deepEqual(step(died.session, SAMPLE_INPUTS["fail-trial continue"], 10_200).session.phase, {
      name: "stopped",
    });
  });
});

describe("the training process", () => {
  test("is given up where it dies before its engine was ever ready", () => {
    const session: Session = {
      ...readySession({ name: "preparing" }),
      engineProven: false,
      engine: { name: "starting" },
    };
    const { phase } = step(session, SAMPLE_INPUTS["child-died"], 10_000).session;
    const fault = "the training process ended (signal SIGKILL) before its engine was ready";
    assert.deepEqual(phase, { name: "stopped", fault });
  });

  test("passes on why its engine cannot start", () => {
    const session = readySession({ name: "preparing" });
    const { phase } = step(session, SAMPLE_INPUTS["engine-failed"], 10_000).session;
    assert.deepEqual(phase, { name: "stopped", fault: "engine onnx is not available" });
  });

  test("takes its trial with it, which goes back to the queue", () => {
    const { effects } = step(readySession(training), SAMPLE_INPUTS["child-died"], 10_000);
    const failure = { kind: "interrupted", message: "The training process of the trainer died (signal SIGKILL)." };
    assert.deepEqual(effects.at(-1), { type: "fail-trial", lease: key, failure });
  });

  test("is given up after too many deaths in a row, once the trial is reported", () => {
    const session = { ...readySession(training), crashCount: CRASHES_MAX - 1 };
    const died = step(session, SAMPLE_INPUTS["child-died"], 10_000);
    assert.deepEqual(
      died.effects.map(({ type }) => type),
      ["fail-trial"],
    );
    const { phase } = step(died.session, SAMPLE_INPUTS["fail-trial continue"], 10_100).session;
    const fault = "the training process died 5 times in a row, the last time by signal SIGKILL";
    assert.deepEqual(phase, { name: "stopped", fault });
  });

  test("has its deaths forgiven by an epoch, and by the end of a training", () => {
    const session = { ...readySession(training), crashCount: CRASHES_MAX - 1 };
    for (const label of ["epoch-trained", "training-completed", "training-failed"] as const) {
      assert.equal(step(session, SAMPLE_INPUTS[label], 10_000).session.crashCount, 0, label);
    }
  });
});

function drained(phase: Phase): Session {
  return step(
    readySession({ ...phase, ...("lease" in phase ? { renewedMs: 10_000 } : {}) } as Phase),
    { type: "drain" },
    10_000,
  ).session;
}
