import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apply, begin } from "./apply.js";
import type { Input } from "./boundary/input.js";
import type { Step } from "./boundary/step.js";
import { REST_MS } from "./decide/lease-request.js";
import {
  CHECKPOINT_INTERVAL_MS,
  DRAIN_MS,
  leasedFields,
  readyState,
  SAMPLE_INPUTS,
  SAMPLE_PHASES,
  sampleLease,
  trainingPhase,
} from "./samples.fixture.js";
import type { Phase, PhaseName } from "./state/phase.js";
import type { State } from "./state/state.js";

const NOW_MS = 10_000;

/**
 * The result of each input in each phase, as "next phase: effects". An input without an entry
 * changes nothing.
 */
const TABLE: Record<keyof typeof SAMPLE_INPUTS, Partial<Record<PhaseName, string>>> = {
  // The engine is starting in preparing, and ready in all other phases.
  "engine-ready": { preparing: "idle: pull-assignment" },
  "engine-failed": {
    resting: "stopped: ",
    refused: "stopped: ",
    cordoned: "stopped: ",
    preparing: "stopped: ",
    idle: "stopped: cancel-pull",
    leasing: "stopped: cancel-lease-request, give-back-assignment",
    restoring: "failing: fail-trial",
    training: "failing: fail-trial",
    leaving: "reporting: ",
    reporting: "reporting: ",
    uploading: "uploading: ",
    completing: "completing: ",
    failing: "failing: ",
  },
  "child-died": {
    resting: "preparing: start-training-process",
    refused: "preparing: start-training-process",
    cordoned: "preparing: start-training-process",
    preparing: "preparing: start-training-process",
    idle: "preparing: start-training-process, cancel-pull",
    leasing: "preparing: start-training-process, cancel-lease-request, give-back-assignment",
    restoring: "failing: start-training-process, fail-trial",
    training: "failing: start-training-process, fail-trial",
    leaving: "reporting: start-training-process",
    reporting: "reporting: start-training-process",
    uploading: "uploading: start-training-process",
    completing: "completing: start-training-process",
    failing: "failing: start-training-process",
  },
  "assignment-received": {
    preparing: "preparing: give-back-assignment",
    resting: "resting: give-back-assignment",
    refused: "refused: give-back-assignment",
    cordoned: "cordoned: give-back-assignment",
    idle: "leasing: acquire-lease",
    leasing: "leasing: give-back-assignment",
    restoring: "restoring: give-back-assignment",
    training: "training: give-back-assignment",
    leaving: "leaving: give-back-assignment",
    reporting: "reporting: give-back-assignment",
    uploading: "uploading: give-back-assignment",
    completing: "completing: give-back-assignment",
    failing: "failing: give-back-assignment",
    stopped: "stopped: give-back-assignment",
  },
  "lease-granted": { leasing: "training: accept-assignment, train" },
  "lease-refused": { leasing: "idle: accept-assignment, pull-assignment" },
  "lease-refused set-aside": { leasing: "resting: give-back-assignment" },
  "lease-refused cordoned": { leasing: "cordoned: give-back-assignment" },
  "lease-rejected": { leasing: "idle: give-back-assignment, pull-assignment" },
  "trainer-refused": {
    ...Object.fromEntries(SAMPLE_PHASES.map(({ name }) => [name, `${name}: `])),
    idle: "refused: cancel-pull",
  },
  "trainer-accepted": { refused: "idle: pull-assignment" },
  "epoch-trained": { training: "training: report-epoch" },
  "training-completed": { training: "uploading: upload-weights", leaving: "reporting: " },
  "training-failed": {
    restoring: "failing: fail-trial",
    training: "failing: fail-trial",
    leaving: "reporting: ",
  },
  "checkpoint-downloaded": { restoring: "restoring: train" },
  // The trainer tries the other checkpoint.
  "checkpoint-unavailable": { restoring: "restoring: download-checkpoint" },
  "checkpoint-refused": { restoring: "restoring: download-checkpoint" },
  "checkpoint-accepted": { restoring: "restoring: resume-trial" },
  "checkpoint-made": { training: "training: save-checkpoint", leaving: "leaving: " },
  "checkpoint-failed": { training: "training: ", leaving: "leaving: " },
  "heartbeat continue": {
    restoring: "restoring: ",
    leaving: "leaving: ",
    reporting: "reporting: ",
    training: "training: ",
    uploading: "uploading: ",
    completing: "completing: ",
    failing: "failing: ",
  },
  "heartbeat stop": {
    restoring: "preparing: end-attempt, stop-training, send-heartbeat",
    training: "preparing: end-attempt, stop-training, send-heartbeat",
    leaving: "preparing: end-attempt, stop-training, send-heartbeat",
    reporting: "idle: end-attempt, send-heartbeat, pull-assignment",
    uploading: "idle: end-attempt, send-heartbeat, pull-assignment",
  },
  "heartbeat lease-lost": {
    restoring: "preparing: end-attempt, stop-training, send-heartbeat",
    training: "preparing: end-attempt, stop-training, send-heartbeat",
    leaving: "preparing: end-attempt, stop-training, send-heartbeat",
    reporting: "idle: end-attempt, send-heartbeat, pull-assignment",
    uploading: "idle: end-attempt, send-heartbeat, pull-assignment",
    completing: "idle: end-attempt, send-heartbeat, pull-assignment",
    failing: "idle: end-attempt, send-heartbeat, pull-assignment",
  },
  "report-epoch continue": {
    training: "training: ",
    leaving: "leaving: resume-training",
    reporting: "uploading: upload-weights",
  },
  "report-epoch pause": {
    training: "leaving: make-checkpoint",
    leaving: "leaving: resume-training",
    reporting: "uploading: upload-weights",
  },
  "report-epoch stop": {
    training: "preparing: end-attempt, stop-training, send-heartbeat",
    leaving: "preparing: end-attempt, stop-training, send-heartbeat",
    reporting: "idle: end-attempt, send-heartbeat, pull-assignment",
  },
  "report-epoch lease-lost": {
    training: "preparing: end-attempt, stop-training, send-heartbeat",
    leaving: "preparing: end-attempt, stop-training, send-heartbeat",
    reporting: "idle: end-attempt, send-heartbeat, pull-assignment",
  },
  "resume-trial continue": { restoring: "training: resume-training" },
  "resume-trial stop": { restoring: "preparing: end-attempt, stop-training, send-heartbeat" },
  "resume-trial lease-lost": { restoring: "preparing: end-attempt, stop-training, send-heartbeat" },
  "save-checkpoint continue": { training: "training: ", leaving: "leaving: ", reporting: "reporting: " },
  "save-checkpoint stop": {
    training: "preparing: end-attempt, stop-training, send-heartbeat",
    leaving: "preparing: end-attempt, stop-training, send-heartbeat",
    reporting: "idle: end-attempt, send-heartbeat, pull-assignment",
  },
  "save-checkpoint lease-lost": {
    training: "preparing: end-attempt, stop-training, send-heartbeat",
    leaving: "preparing: end-attempt, stop-training, send-heartbeat",
    reporting: "idle: end-attempt, send-heartbeat, pull-assignment",
  },
  "upload-weights continue": { uploading: "completing: complete-trial" },
  "complete-trial continue": { completing: "idle: end-attempt, send-heartbeat, pull-assignment" },
  "complete-trial stop": { completing: "idle: end-attempt, send-heartbeat, pull-assignment" },
  "complete-trial lease-lost": { completing: "idle: end-attempt, send-heartbeat, pull-assignment" },
  "fail-trial continue": { failing: "idle: end-attempt, send-heartbeat, pull-assignment" },
  "fail-trial stop": { failing: "idle: end-attempt, send-heartbeat, pull-assignment" },
  "fail-trial lease-lost": { failing: "idle: end-attempt, send-heartbeat, pull-assignment" },
  "heartbeat rejected": {},
  "heartbeat-lost": Object.fromEntries(SAMPLE_PHASES.map(({ name }) => [name, `${name}: `])),
  "report-epoch rejected": {
    training: "failing: stop-training, fail-trial",
    leaving: "failing: stop-training, fail-trial",
    reporting: "failing: fail-trial",
  },
  "resume-trial rejected": { restoring: "failing: stop-training, fail-trial" },
  // Training continues without the checkpoint.
  "save-checkpoint rejected": { training: "training: ", leaving: "leaving: ", reporting: "reporting: " },
  "upload-weights rejected": { uploading: "failing: fail-trial" },
  "complete-trial rejected": { completing: "failing: fail-trial" },
  "fail-trial rejected": { failing: "idle: end-attempt, send-heartbeat, pull-assignment" },
  // Nothing is due in the samples.
  tick: {},
  "order none": { cordoned: "idle: pull-assignment" },
  "order cordon": {
    ...Object.fromEntries(SAMPLE_PHASES.map(({ name }) => [name, `${name}: `])),
    idle: "cordoned: cancel-pull",
  },
  "order drain": {
    ...Object.fromEntries(SAMPLE_PHASES.map(({ name }) => [name, `${name}: `])),
    idle: "cordoned: cancel-pull",
    restoring: "failing: stop-training, fail-trial",
    training: "leaving: make-checkpoint",
  },
  drain: {
    preparing: "stopped: ",
    resting: "stopped: ",
    refused: "stopped: ",
    cordoned: "stopped: ",
    idle: "stopped: cancel-pull",
    leasing: "leasing: ",
    restoring: "failing: fail-trial",
    training: "leaving: make-checkpoint",
    leaving: "leaving: ",
    reporting: "reporting: ",
    uploading: "uploading: ",
    completing: "completing: ",
    failing: "failing: ",
  },
};

describe("every input in every phase", () => {
  for (const [label, input] of Object.entries(SAMPLE_INPUTS) as [keyof typeof SAMPLE_INPUTS, Input][]) {
    for (const phase of SAMPLE_PHASES) {
      const expected = TABLE[label][phase.name];
      test(`in ${phase.name}, ${label} leads to ${expected ?? "nothing"}`, () => {
        const state = sampleState(phase);
        const after = apply(state, input, NOW_MS);
        if (expected === undefined) assert.deepEqual(after, { state, effects: [] });
        else assert.equal(describeStep(after), expected);
      });
    }
  }
});

describe("a trainer", () => {
  test("starts its training process and sends a heartbeat at once", () => {
    assert.equal(
      describeStep(begin(NOW_MS, { checkpointIntervalMs: CHECKPOINT_INTERVAL_MS, drainMs: DRAIN_MS })),
      "preparing: start-training-process, send-heartbeat",
    );
  });

  test("ignores inputs about another lease", () => {
    for (const phase of SAMPLE_PHASES) {
      for (const input of Object.values(SAMPLE_INPUTS)) {
        if (!("token" in input)) continue;
        const state = sampleState(phase);
        assert.deepEqual(apply(state, { ...input, token: input.token + 1 }, NOW_MS), { state, effects: [] });
      }
    }
  });

  test("reports an engine that cannot start as its own fault, not as one of the trial", () => {
    const { effects } = apply(sampleState(trainingPhase), SAMPLE_INPUTS["engine-failed"], NOW_MS);
    const failure = { kind: "trainer", message: "The engine cannot start: engine onnx is not available" };
    assert.deepEqual(effects.at(-1), { type: "fail-trial", lease: sampleLease.key, failure });
  });

  test("rests after a study has set it aside, then pulls again", () => {
    const leasing = sampleState({ name: "leasing", assignment: sampleLease.key, giveUpAtMs: 20_000 });
    const refused = { ...SAMPLE_INPUTS["lease-refused set-aside"], assignment: sampleLease.key };
    const { state } = apply(leasing, refused, NOW_MS);
    assert.equal(describeStep(apply(state, { type: "tick" }, NOW_MS + REST_MS - 1)), "resting: send-heartbeat");
    const rested = apply(state, { type: "tick" }, NOW_MS + REST_MS);
    assert.equal(describeStep(rested), "idle: pull-assignment");
  });

  test("hands its trial back when a person drains it, ends the training, and pulls once it may", () => {
    const isSaved = { ...trainingPhase, saving: { ...trainingPhase.saving, hasNewEpochs: false } };
    const drained = apply(sampleState(isSaved), SAMPLE_INPUTS["order drain"], NOW_MS);
    assert.equal(describeStep(drained), "failing: stop-training, fail-trial");
    assert.deepEqual(drained.effects.at(-1), {
      type: "fail-trial",
      lease: sampleLease.key,
      failure: { kind: "preempted", message: "A person drains the trainer." },
    });
    const ready = apply(drained.state, { type: "engine-ready" }, NOW_MS);
    const ended = apply(ready.state, SAMPLE_INPUTS["fail-trial continue"], NOW_MS);
    assert.equal(describeStep(ended), "cordoned: end-attempt, send-heartbeat");
    assert.equal(describeStep(apply(ended.state, SAMPLE_INPUTS["order drain"], NOW_MS)), "cordoned: ");
    assert.equal(describeStep(apply(ended.state, SAMPLE_INPUTS["order none"], NOW_MS)), "idle: pull-assignment");
  });

  test("hands a trial back that is to pause, after its checkpoint, and takes the next one", () => {
    const isSaved = { ...trainingPhase, saving: { ...trainingPhase.saving, hasNewEpochs: false } };
    const paused = apply(sampleState(isSaved), SAMPLE_INPUTS["report-epoch pause"], NOW_MS);
    assert.equal(describeStep(paused), "failing: stop-training, fail-trial");
    const ready = apply(paused.state, { type: "engine-ready" }, NOW_MS);
    const ended = apply(ready.state, SAMPLE_INPUTS["fail-trial continue"], NOW_MS);
    assert.equal(describeStep(ended), "idle: end-attempt, send-heartbeat, pull-assignment");
  });

  test("finishes its trial when a person cordons it, and pulls no other", () => {
    const { state } = apply(
      sampleState({ name: "completing", ...leasedFields }),
      SAMPLE_INPUTS["order cordon"],
      NOW_MS,
    );
    const ended = apply(state, SAMPLE_INPUTS["complete-trial continue"], NOW_MS);
    assert.equal(describeStep(ended), "cordoned: end-attempt, send-heartbeat");
  });

  test("ignores the lease of another assignment", () => {
    const state = sampleState({ name: "leasing", assignment: sampleLease.key, giveUpAtMs: 20_000 });
    for (const label of ["lease-granted", "lease-refused", "lease-rejected"] as const) {
      const input = { ...SAMPLE_INPUTS[label], assignment: { ...sampleLease.key, attempt: 2 } } as Input;
      assert.deepEqual(apply(state, input, NOW_MS), { state, effects: [] }, label);
    }
  });

  test("prepares if a trial ends while the training process restarts", () => {
    const away = apply(sampleState({ name: "completing", ...leasedFields }), SAMPLE_INPUTS["child-died"], NOW_MS);
    const ended = apply(away.state, SAMPLE_INPUTS["complete-trial continue"], NOW_MS);
    assert.equal(describeStep(ended), "preparing: end-attempt, send-heartbeat");
    assert.equal(describeStep(apply(ended.state, { type: "engine-ready" }, NOW_MS)), "idle: pull-assignment");
  });

  test("uploads weights again that the coordinator has lost, three times in all", () => {
    const lost = { ...SAMPLE_INPUTS["complete-trial rejected"], code: "not-found" } as const;
    let state = sampleState({ name: "completing", ...leasedFields });
    for (const uploads of [2, 3]) {
      const again = apply(state, lost, NOW_MS);
      assert.equal(describeStep(again), "uploading: upload-weights");
      const stored = apply(again.state, SAMPLE_INPUTS["upload-weights continue"], NOW_MS);
      assert.equal(describeStep(stored), "completing: complete-trial", `upload ${uploads}`);
      state = stored.state;
    }
    assert.equal(describeStep(apply(state, lost, NOW_MS)), "failing: fail-trial");
  });

  test("fails the trial after a rejected report, with the coordinator's message", () => {
    const { effects } = apply(sampleState(trainingPhase), SAMPLE_INPUTS["report-epoch rejected"], NOW_MS);
    const failure = { kind: "error", message: "The coordinator rejected report-epoch: out of order" };
    assert.deepEqual(effects.at(-1), { type: "fail-trial", lease: sampleLease.key, failure });
  });
});

function sampleState(phase: Phase): State {
  const cause = { refused: { refusalCount: 1 }, cordoned: { order: "cordon" } } as const;
  const { name } = phase;
  const state: State = { ...readyState(phase), ...(name === "refused" || name === "cordoned" ? cause[name] : {}) };
  return phase.name === "preparing" ? { ...state, engine: { name: "starting" } } : state;
}

function describeStep({ state, effects }: Step): string {
  return `${state.phase.name}: ${effects.map((effect) => effect.type).join(", ")}`;
}
