import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apply } from "../apply.js";
import type { Input } from "../boundary/input.js";
import {
  DRAIN_MS,
  leasedFields,
  readyState,
  SAMPLE_INPUTS,
  SAMPLE_PHASES,
  sampleLease,
  trainingPhase as training,
} from "../samples.fixture.js";
import type { Phase } from "../state/phase.js";
import type { State } from "../state/state.js";
import { GIVE_BACK_DELAY_MS, LEASE_WAIT_MS } from "./lease-request.js";
import { HEARTBEAT_RETRY_MS, HEARTBEAT_WAIT_MAX_MS, LEAVE_PART } from "./time.js";
import { CRASHES_MAX } from "./training-process.js";
import { IDLE_HEARTBEAT, IDLE_HEARTBEAT_MS } from "./transition.js";

const TICK: Input = { type: "tick" };
const { key, ttlMs, heartbeatIntervalMs } = sampleLease;
const givenBack = {
  type: "fail-trial",
  lease: key,
  failure: { kind: "preempted", message: "The trainer was asked to stop." },
};
/** Time limits of drains; the lease ends after the longest one. */
const DRAINS_MS = [2_000, DRAIN_MS, 14_000];
const LEASED = SAMPLE_PHASES.filter((phase) => "lease" in phase);

describe("fencing", () => {
  for (const phase of LEASED) {
    test(`discards the attempt in ${phase.name} when the lease is not renewed within its time to live`, () => {
      const state = readyState(phase);
      const dueMs = leasedFields.renewedMs + ttlMs;
      assert.equal(apply(state, TICK, dueMs - 1).state.phase.name, phase.name);
      const fenced = apply(state, TICK, dueMs);
      assert.deepEqual(fenced.effects[0], { type: "end-attempt", lease: key, end: "fenced" });
      assert.ok(!("lease" in fenced.state.phase));
      assert.ok(!fenced.effects.some(({ type }) => type === "fail-trial"), "a fenced trainer reports nothing");
    });
  }

  test("counts the time to live from the sending of the renewing request", () => {
    for (const label of ["heartbeat continue", "report-epoch continue"] as const) {
      const answered = apply(readyState(training), { ...SAMPLE_INPUTS[label], sentMs: 12_000 }, 19_000);
      assert.equal(apply(answered.state, TICK, 12_000 + ttlMs - 1).state.phase.name, "training", label);
      assert.equal(apply(answered.state, TICK, 12_000 + ttlMs).state.phase.name, "preparing", label);
    }
  });

  test("ignores the answer to an earlier request", () => {
    const late = apply(readyState(training), { ...SAMPLE_INPUTS["heartbeat continue"], sentMs: 5_000 }, 9_900);
    assert.deepEqual(late.state.phase, training);
  });

  test("does not count an upload as a renewal", () => {
    const state = readyState({ name: "uploading", ...leasedFields });
    const stored = apply(state, { ...SAMPLE_INPUTS["upload-weights continue"], sentMs: 20_000 }, 23_000);
    assert.equal(apply(stored.state, TICK, leasedFields.renewedMs + ttlMs).state.phase.name, "idle");
  });
});

describe("heartbeats", () => {
  test("renew the lease at its heartbeat interval", () => {
    const state = readyState(training);
    assert.deepEqual(apply(state, TICK, 9_000 + heartbeatIntervalMs - 1).effects, []);
    const beat = apply(state, TICK, 9_000 + heartbeatIntervalMs);
    assert.deepEqual(beat.effects, [{ type: "send-heartbeat", lease: key, timeoutMs: heartbeatIntervalMs }]);
    assert.deepEqual(apply(beat.state, TICK, 9_000 + heartbeatIntervalMs).effects, []);
  });

  test("name no lease in every phase without a lease", () => {
    for (const phase of SAMPLE_PHASES.filter((phase) => !("lease" in phase) && phase.name !== "stopped")) {
      assert.deepEqual(apply(readyState(phase), TICK, 9_000 + IDLE_HEARTBEAT_MS).effects, [IDLE_HEARTBEAT]);
    }
  });

  test("follow a lost one soon, with and without a lease, and only once", () => {
    for (const phase of [training, { name: "idle" } as const]) {
      const { state } = apply(readyState(phase), SAMPLE_INPUTS["heartbeat-lost"], 9_100);
      assert.deepEqual(apply(state, TICK, 9_000 + HEARTBEAT_RETRY_MS - 1).effects, []);
      const beat = apply(state, TICK, 9_000 + HEARTBEAT_RETRY_MS);
      assert.deepEqual(
        beat.effects.map(({ type }) => type),
        ["send-heartbeat"],
      );
      assert.deepEqual(apply(beat.state, TICK, 9_000 + 2 * HEARTBEAT_RETRY_MS).effects, []);
    }
  });

  test("leave a coordinator time for the answer, but not the whole interval of a long lease", () => {
    const lease = { ...sampleLease, ttlMs: 90_000, heartbeatIntervalMs: 30_000 };
    const beat = apply(readyState({ name: "uploading", ...leasedFields, lease }), TICK, 39_000);
    assert.deepEqual(beat.effects, [{ type: "send-heartbeat", lease: key, timeoutMs: HEARTBEAT_WAIT_MAX_MS }]);
  });

  test("end once the trainer has stopped", () => {
    assert.deepEqual(apply(readyState({ name: "stopped" }), TICK, 1e9).effects, []);
  });
});

describe("a coordinator that does not answer", () => {
  test("makes the trainer return the assignment after a time limit and pull another", () => {
    const asked = apply(readyState({ name: "idle" }), SAMPLE_INPUTS["assignment-received"], 9_000);
    const { assignment } = SAMPLE_INPUTS["assignment-received"];
    assert.equal(apply(asked.state, TICK, 9_000 + LEASE_WAIT_MS - 1).state.phase.name, "leasing");
    const { state, effects } = apply(asked.state, TICK, 9_000 + LEASE_WAIT_MS);
    assert.equal(state.phase.name, "idle");
    assert.deepEqual(effects, [
      { type: "cancel-lease-request", assignment },
      { type: "give-back-assignment", assignment, delayMs: GIVE_BACK_DELAY_MS },
      { type: "pull-assignment" },
    ]);
  });
});

describe("a drain", () => {
  test("returns a trial without unsaved epochs to the queue at once", () => {
    const nothingNew = { ...training, saving: { ...training.saving, hasNewEpochs: false } };
    const { effects } = apply(readyState(nothingNew), { type: "drain" }, 10_000);
    assert.deepEqual(effects, [givenBack]);
  });

  test("saves the trial in training before it returns the trial", () => {
    const draining = drained(training);
    assert.equal(draining.phase.name, "leaving");
    const made = apply(draining, SAMPLE_INPUTS["checkpoint-made"], 10_100);
    const { checkpoint } = SAMPLE_INPUTS["checkpoint-made"];
    assert.deepEqual(made.effects, [{ type: "save-checkpoint", lease: key, checkpoint }]);
    const saved = apply(made.state, SAMPLE_INPUTS["save-checkpoint continue"], 10_200);
    assert.deepEqual(saved.effects, [givenBack]);
  });

  test("waits for a checkpoint in progress, and makes another one of newer epochs", () => {
    const underWay = { begunMs: 9_000, isMaking: false, isUploading: true, hasNewEpochs: true };
    const { state, effects } = apply(readyState({ ...training, saving: underWay }), { type: "drain" }, 10_000);
    assert.deepEqual(effects, []);
    const first = apply(state, SAMPLE_INPUTS["save-checkpoint continue"], 10_100);
    assert.deepEqual(first.effects, [{ type: "make-checkpoint" }]);
    const made = apply(first.state, SAMPLE_INPUTS["checkpoint-made"], 10_150);
    const second = apply(made.state, SAMPLE_INPUTS["save-checkpoint continue"], 10_200);
    assert.deepEqual(second.effects, [givenBack]);
  });

  test("saves an epoch that was being reported when the drain began, and no later one", () => {
    const trained = apply(readyState(training), SAMPLE_INPUTS["epoch-trained"], 9_900);
    const { state, effects } = apply(trained.state, { type: "drain" }, 10_000);
    assert.deepEqual(effects, [], "the report comes first");
    const reported = apply(state, SAMPLE_INPUTS["report-epoch continue"], 10_100);
    assert.deepEqual(reported.effects, [{ type: "resume-training" }, { type: "make-checkpoint" }]);
    assert.deepEqual(apply(reported.state, SAMPLE_INPUTS["epoch-trained"], 10_200).effects, []);
    const made = apply(reported.state, SAMPLE_INPUTS["checkpoint-made"], 10_300);
    const last = apply(made.state, SAMPLE_INPUTS["save-checkpoint continue"], 10_400);
    assert.deepEqual(last.effects, [givenBack]);
  });

  test("returns the trial if its last checkpoint is late or fails", () => {
    for (const drainMs of DRAINS_MS) {
      const draining = drained(training, drainMs);
      const lateMs = 10_000 + LEAVE_PART * drainMs;
      assert.ok(!apply(draining, TICK, lateMs - 1).effects.some(({ type }) => type === "fail-trial"));
      assert.deepEqual(apply(draining, TICK, lateMs).effects, [givenBack]);
    }
    const draining = drained(training);
    const uploading = apply(draining, SAMPLE_INPUTS["checkpoint-made"], 10_050).state;
    assert.deepEqual(apply(uploading, SAMPLE_INPUTS["save-checkpoint rejected"], 10_100).effects, [givenBack]);
    for (const label of ["checkpoint-failed", "child-died"] as const) {
      assert.deepEqual(apply(draining, SAMPLE_INPUTS[label], 10_100).effects, [givenBack], label);
    }
  });

  test("completes a trial whose training ends before its last checkpoint is saved", () => {
    const { state, effects } = apply(drained(training), SAMPLE_INPUTS["training-completed"], 10_100);
    assert.equal(state.phase.name, "uploading");
    assert.deepEqual(effects, [{ type: "upload-weights", lease: key, weights: leasedFields.weights }]);
    assert.deepEqual(apply(state, SAMPLE_INPUTS["save-checkpoint continue"], 10_200).effects, []);
  });

  test("uploads and completes a trained trial, then stops without a fault", () => {
    const draining = drained({ name: "uploading", ...leasedFields });
    const stored = apply(draining, SAMPLE_INPUTS["upload-weights continue"], 10_100);
    const { state, effects } = apply(stored.state, SAMPLE_INPUTS["complete-trial continue"], 10_200);
    assert.deepEqual(state.phase, { name: "stopped" });
    assert.deepEqual(effects, [{ type: "end-attempt", lease: key, end: "completed" }]);
  });

  describe("that begins during a lease request", () => {
    const { assignment } = SAMPLE_INPUTS["lease-granted"];
    const leasing = { name: "leasing", assignment, giveUpAtMs: 9_000 + LEASE_WAIT_MS } as const;

    test("hands the trial back once its lease is granted, before it trains", () => {
      const { state, effects } = apply(drained(leasing), SAMPLE_INPUTS["lease-granted"], 10_100);
      assert.deepEqual(effects, [{ type: "accept-assignment", assignment }, givenBack]);
      assert.deepEqual(apply(state, SAMPLE_INPUTS["fail-trial continue"], 10_200).state.phase, { name: "stopped" });
    });

    test("gives the assignment to another trainer if the lease is refused to this one only", () => {
      const refused = { type: "lease-refused", assignment, reason: "set-aside" } as const;
      const { state, effects } = apply(drained(leasing), refused, 10_100);
      assert.deepEqual(effects, [{ type: "give-back-assignment", assignment, delayMs: 0 }]);
      assert.deepEqual(state.phase, { name: "stopped" });
    });

    test("gives the assignment back if no answer comes in time", () => {
      for (const drainMs of [...DRAINS_MS, 10 * LEASE_WAIT_MS]) {
        const draining = drained(leasing, drainMs);
        const lateMs = Math.min(10_000 + LEAVE_PART * drainMs, leasing.giveUpAtMs);
        assert.equal(apply(draining, TICK, lateMs - 1).state.phase.name, "leasing");
        for (const nowMs of [lateMs, 10_000 + drainMs]) {
          const { state, effects } = apply(draining, TICK, nowMs);
          assert.deepEqual(state.phase, { name: "stopped" });
          assert.deepEqual(effects, [
            { type: "cancel-lease-request", assignment },
            { type: "give-back-assignment", assignment, delayMs: GIVE_BACK_DELAY_MS },
          ]);
        }
      }
    });
  });

  test("ends in every phase after its time limit", () => {
    for (const [phase, drainMs] of LEASED.flatMap((phase) => DRAINS_MS.map((ms) => [phase, ms] as const))) {
      const draining = drained(phase, drainMs);
      assert.notEqual(apply(draining, TICK, 10_000 + drainMs - 1).state.phase.name, "stopped");
      const { state, effects } = apply(draining, TICK, 10_000 + drainMs);
      assert.deepEqual(state.phase, { name: "stopped" });
      assert.deepEqual(effects[0], { type: "end-attempt", lease: key, end: "unreported" });
      assert.ok(effects.slice(1).every(({ type }) => type === "stop-training"));
    }
  });

  test("ignores a second drain", () => {
    const draining = drained(training);
    assert.deepEqual(apply(draining, { type: "drain" }, 11_000), { state: draining, effects: [] });
  });

  test("starts no training process", () => {
    const draining = drained(training);
    const died = apply(draining, SAMPLE_INPUTS["child-died"], 10_100);
    assert.deepEqual(died.effects, [givenBack]);
    assert.deepEqual(apply(died.state, SAMPLE_INPUTS["fail-trial continue"], 10_200).state.phase, {
      name: "stopped",
    });
  });
});

describe("the training process", () => {
  test("breaks the trainer if it dies before its engine is ready", () => {
    const state: State = {
      ...readyState({ name: "preparing" }),
      engineProven: false,
      engine: { name: "starting" },
    };
    const { phase } = apply(state, SAMPLE_INPUTS["child-died"], 10_000).state;
    const fault = "the training process ended (signal SIGKILL) before its engine was ready";
    assert.deepEqual(phase, { name: "stopped", fault });
  });

  test("reports why its engine cannot start", () => {
    const state = readyState({ name: "preparing" });
    const { phase } = apply(state, SAMPLE_INPUTS["engine-failed"], 10_000).state;
    assert.deepEqual(phase, { name: "stopped", fault: "engine onnx is not available" });
  });

  test("returns its trial to the queue when it dies", () => {
    const { effects } = apply(readyState(training), SAMPLE_INPUTS["child-died"], 10_000);
    const failure = { kind: "interrupted", message: "The training process of the trainer died (signal SIGKILL)." };
    assert.deepEqual(effects.at(-1), { type: "fail-trial", lease: key, failure });
  });

  test("breaks the trainer after too many crashes in a row, once the trial is reported", () => {
    const state = { ...readyState(training), crashCount: CRASHES_MAX - 1 };
    const died = apply(state, SAMPLE_INPUTS["child-died"], 10_000);
    assert.deepEqual(
      died.effects.map(({ type }) => type),
      ["fail-trial"],
    );
    const { phase } = apply(died.state, SAMPLE_INPUTS["fail-trial continue"], 10_100).state;
    const fault = "the training process died 5 times in a row, the last time by signal SIGKILL";
    assert.deepEqual(phase, { name: "stopped", fault });
  });

  test("resets its crash count after an epoch and after the end of training", () => {
    const state = { ...readyState(training), crashCount: CRASHES_MAX - 1 };
    for (const label of ["epoch-trained", "training-completed", "training-failed"] as const) {
      assert.equal(apply(state, SAMPLE_INPUTS[label], 10_000).state.crashCount, 0, label);
    }
  });
});

function drained(phase: Phase, drainMs = DRAIN_MS): State {
  const state = readyState({ ...phase, ...("lease" in phase ? { renewedMs: 10_000 } : {}) } as Phase);
  return apply({ ...state, drainMs }, { type: "drain" }, 10_000).state;
}
