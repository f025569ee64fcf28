// Every input in every state of a trial and in every status of a study: the next state and the
// answer.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { InvariantError } from "@sintonia/runtime/errors";
import type { Answer } from "./boundary/answer.js";
import type { StudyInput } from "./boundary/input.js";
import {
  checkpointOf,
  epochOf,
  Scenario,
  selectionOf,
  specOf,
  TEST_RESULT,
  TTL_MS,
  WEIGHTS,
} from "./scenario.fixture.js";
import type { StudyEvent } from "./state/event.js";
import { evolve } from "./state/evolve.js";
import type { StudyStatus, TrialState } from "./state/study.js";
import {
  checkStudyTransition,
  checkTrialTransition,
  STUDY_TRANSITIONS,
  TRIAL_TRANSITIONS,
} from "./state/transitions.js";

const TRIAL_STATES = Object.keys(TRIAL_TRANSITIONS) as TrialState[];
const STATUSES = Object.keys(STUDY_TRANSITIONS) as StudyStatus[];

/**
 * Returns a study of three trials whose first is in the given state, and the lease that its
 * trainer holds or held.
 */
function withTrialIn(state: TrialState): { scenario: Scenario; lease: LeaseKey } {
  const scenario = new Scenario(specOf({ maxTrials: 3 }));
  const trial = scenario.suggest();
  if (state === "queued")
    return { scenario, lease: { studyId: scenario.study.id, trialId: trial.id, attempt: 1, token: 1 } };
  const lease = scenario.lease(trial);
  if (state === "running" || state === "completed") scenario.report(lease, epochOf(0, 0.9));
  if (state === "completed") scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
  if (state === "failed") scenario.submit({ type: "fail-trial", lease, kind: "error", message: "It broke." });
  if (state === "infeasible") scenario.submit({ type: "fail-trial", lease, kind: "infeasible", message: "NaN." });
  if (state === "cancelled") scenario.submit({ type: "stop-study", reason: "enough" });
  if (state === "paused" || state === "pruned") judge(scenario, lease, state);
  assert.equal(scenario.trial(0).state, state);
  return { scenario, lease };
}

/** Ends the first trial by the pruner, or pauses it. */
function judge(scenario: Scenario, lease: LeaseKey, state: "paused" | "pruned"): void {
  scenario.report(lease, epochOf(0, 0.9));
  const evidence = { pruner: "asha", execution: 0, epoch: 0, value: 0.9, limit: 0.95 } as const;
  const event = { type: `trial-${state}`, trialId: "0", message: "It is behind.", evidence } as const;
  scenario.state = { ...scenario.state, study: evolve(scenario.study, event as StudyEvent, scenario.now().wallMs) };
}

/**
 * As `withTrialIn`, for the second attempt of a trial with a checkpoint of its first epoch.
 */
function withCheckpointIn(state: TrialState): { scenario: Scenario; lease: LeaseKey } {
  const { scenario, lease } = withTrialIn("running");
  scenario.save(lease, 0);
  scenario.submit({ type: "fail-trial", lease, kind: "interrupted", message: "Drained." });
  if (state === "queued") return { scenario, lease };
  const second = scenario.lease(scenario.trial(0));
  if (state === "running") scenario.submit({ type: "resume-trial", lease: second, sha256: checkpointOf(0).sha256 });
  assert.equal(scenario.trial(0).state, state);
  return { scenario, lease: second };
}

const TRIAL_INPUTS: Readonly<Record<string, (lease: LeaseKey) => StudyInput>> = {
  acquire: ({ trialId }) => ({ type: "acquire-lease", trialId, attempt: 1, trainerId: "trainer-2" }),
  report: (lease) => ({ type: "report-epoch", lease, measurement: epochOf(0, 0.9) }),
  diverge: (lease) => ({ type: "report-epoch", lease, measurement: epochOf(1, Number.NaN) }),
  save: (lease) => ({ type: "save-checkpoint", lease, artifact: checkpointOf(1), execution: 0, epoch: 0 }),
  resume: (lease) => ({ type: "resume-trial", lease, sha256: checkpointOf(0).sha256 }),
  heartbeat: (lease) => ({ type: "heartbeat", lease }),
  complete: (lease) => ({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] }),
  error: (lease) => ({ type: "fail-trial", lease, kind: "error", message: "It broke." }),
  infeasible: (lease) => ({ type: "fail-trial", lease, kind: "infeasible", message: "NaN." }),
  interrupted: (lease) => ({ type: "fail-trial", lease, kind: "interrupted", message: "Drained." }),
  preempted: (lease) => ({ type: "fail-trial", lease, kind: "preempted", message: "Drained." }),
  "unusable trainer": (lease) => ({ type: "fail-trial", lease, kind: "trainer", message: "No data." }),
  expiry: () => ({ type: "tick", capacity: 1, trainerIds: ["trainer-1"] }),
  stop: () => ({ type: "stop-study", reason: "enough" }),
  cancel: ({ trialId }) => ({ type: "cancel-trial", trialId, reason: "too slow" }),
};

/** For each state and input: "answer -> state after". */
const EXPECTED: Readonly<Record<TrialState, Readonly<Record<string, string>>>> = {
  queued: {
    acquire: "granted -> leased",
    report: "lease-lost -> queued",
    diverge: "lease-lost -> queued",
    save: "lease-lost -> queued",
    resume: "lease-lost -> queued",
    heartbeat: "lease-lost -> queued",
    complete: "lease-lost -> queued",
    error: "lease-lost -> queued",
    infeasible: "lease-lost -> queued",
    interrupted: "lease-lost -> queued",
    preempted: "lease-lost -> queued",
    "unusable trainer": "lease-lost -> queued",
    expiry: "done -> queued",
    stop: "done -> cancelled",
    cancel: "done -> cancelled",
  },
  leased: {
    acquire: "already-leased -> leased",
    report: "continue -> running",
    diverge: "stop -> infeasible",
    save: "EPOCH_UNREPORTED -> leased",
    resume: "CHECKPOINT_UNKNOWN -> leased",
    heartbeat: "continue -> leased",
    complete: "EXECUTIONS_MISSING -> leased",
    error: "continue -> failed",
    infeasible: "continue -> infeasible",
    interrupted: "continue -> queued",
    preempted: "continue -> queued",
    "unusable trainer": "continue -> queued",
    expiry: "done -> queued",
    stop: "done -> cancelled",
    cancel: "done -> cancelled",
  },
  running: {
    acquire: "already-leased -> running",
    report: "continue -> running",
    diverge: "stop -> infeasible",
    save: "continue -> running",
    resume: "CHECKPOINT_UNKNOWN -> running",
    heartbeat: "continue -> running",
    complete: "continue -> completed",
    error: "continue -> failed",
    infeasible: "continue -> infeasible",
    interrupted: "continue -> queued",
    preempted: "continue -> queued",
    "unusable trainer": "continue -> queued",
    expiry: "done -> queued",
    stop: "done -> cancelled",
    cancel: "done -> cancelled",
  },
  paused: {
    acquire: "trial-settled -> paused",
    report: "stop -> paused",
    diverge: "stop -> paused",
    save: "stop -> paused",
    resume: "stop -> paused",
    heartbeat: "stop -> paused",
    complete: "stop -> paused",
    error: "continue -> paused",
    infeasible: "continue -> paused",
    interrupted: "continue -> paused",
    preempted: "continue -> paused",
    "unusable trainer": "continue -> paused",
    expiry: "done -> paused",
    stop: "done -> cancelled",
    cancel: "done -> cancelled",
  },
  completed: {
    acquire: "trial-settled -> completed",
    report: "stop -> completed",
    diverge: "stop -> completed",
    save: "stop -> completed",
    resume: "stop -> completed",
    heartbeat: "stop -> completed",
    complete: "continue -> completed",
    error: "continue -> completed",
    infeasible: "continue -> completed",
    interrupted: "continue -> completed",
    preempted: "continue -> completed",
    "unusable trainer": "continue -> completed",
    expiry: "done -> completed",
    stop: "done -> completed",
    cancel: "TRIAL_SETTLED -> completed",
  },
  pruned: {
    acquire: "trial-settled -> pruned",
    report: "stop -> pruned",
    diverge: "stop -> pruned",
    save: "stop -> pruned",
    resume: "stop -> pruned",
    heartbeat: "stop -> pruned",
    complete: "stop -> pruned",
    error: "continue -> pruned",
    infeasible: "continue -> pruned",
    interrupted: "continue -> pruned",
    preempted: "continue -> pruned",
    "unusable trainer": "continue -> pruned",
    expiry: "done -> pruned",
    stop: "done -> pruned",
    cancel: "TRIAL_SETTLED -> pruned",
  },
  failed: {
    acquire: "trial-settled -> failed",
    report: "stop -> failed",
    diverge: "stop -> failed",
    save: "stop -> failed",
    resume: "stop -> failed",
    heartbeat: "stop -> failed",
    complete: "stop -> failed",
    error: "continue -> failed",
    infeasible: "continue -> failed",
    interrupted: "continue -> failed",
    preempted: "continue -> failed",
    "unusable trainer": "continue -> failed",
    expiry: "done -> failed",
    stop: "done -> failed",
    cancel: "TRIAL_SETTLED -> failed",
  },
  infeasible: {
    acquire: "trial-settled -> infeasible",
    report: "stop -> infeasible",
    diverge: "stop -> infeasible",
    save: "stop -> infeasible",
    resume: "stop -> infeasible",
    heartbeat: "stop -> infeasible",
    complete: "stop -> infeasible",
    error: "continue -> infeasible",
    infeasible: "continue -> infeasible",
    interrupted: "continue -> infeasible",
    preempted: "continue -> infeasible",
    "unusable trainer": "continue -> infeasible",
    expiry: "done -> infeasible",
    stop: "done -> infeasible",
    cancel: "TRIAL_SETTLED -> infeasible",
  },
  cancelled: {
    acquire: "trial-settled -> cancelled",
    report: "stop -> cancelled",
    diverge: "stop -> cancelled",
    save: "stop -> cancelled",
    resume: "stop -> cancelled",
    heartbeat: "stop -> cancelled",
    complete: "stop -> cancelled",
    error: "stop -> cancelled",
    infeasible: "stop -> cancelled",
    interrupted: "stop -> cancelled",
    preempted: "stop -> cancelled",
    "unusable trainer": "stop -> cancelled",
    expiry: "done -> cancelled",
    stop: "done -> cancelled",
    cancel: "done -> cancelled",
  },
};

/**
 * The differences to EXPECTED if a checkpoint covers epoch 0: answer, state, number of epochs and
 * of checkpoints.
 */
const EXPECTED_WITH_CHECKPOINT: Readonly<Record<"queued" | "leased" | "running", Readonly<Record<string, string>>>> = {
  queued: {
    acquire: "stale-attempt -> queued, 0 epochs, 1 checkpoints",
    save: "lease-lost -> queued, 0 epochs, 1 checkpoints",
    resume: "lease-lost -> queued, 0 epochs, 1 checkpoints",
    report: "lease-lost -> queued, 0 epochs, 1 checkpoints",
    expiry: "done -> queued, 0 epochs, 1 checkpoints",
    stop: "done -> cancelled, 0 epochs, 0 checkpoints",
  },
  leased: {
    acquire: "stale-attempt -> leased, 0 epochs, 1 checkpoints",
    save: "EPOCH_UNREPORTED -> leased, 0 epochs, 1 checkpoints",
    resume: "continue -> running, 1 epochs, 1 checkpoints",
    report: "continue -> running, 1 epochs, 0 checkpoints",
    heartbeat: "continue -> leased, 0 epochs, 1 checkpoints",
    complete: "EXECUTIONS_MISSING -> leased, 0 epochs, 1 checkpoints",
    interrupted: "continue -> queued, 0 epochs, 1 checkpoints",
    error: "continue -> failed, 0 epochs, 0 checkpoints",
    infeasible: "continue -> infeasible, 0 epochs, 0 checkpoints",
    expiry: "done -> queued, 0 epochs, 1 checkpoints",
    stop: "done -> cancelled, 0 epochs, 0 checkpoints",
  },
  running: {
    save: "continue -> running, 1 epochs, 1 checkpoints",
    resume: "continue -> running, 1 epochs, 1 checkpoints",
    report: "continue -> running, 1 epochs, 1 checkpoints",
    heartbeat: "continue -> running, 1 epochs, 1 checkpoints",
    complete: "continue -> completed, 1 epochs, 0 checkpoints",
    interrupted: "continue -> queued, 0 epochs, 1 checkpoints",
    error: "continue -> failed, 1 epochs, 0 checkpoints",
    infeasible: "continue -> infeasible, 1 epochs, 0 checkpoints",
    expiry: "done -> queued, 0 epochs, 1 checkpoints",
    stop: "done -> cancelled, 1 epochs, 0 checkpoints",
  },
};

describe("every input whose result depends on a checkpoint", () => {
  for (const [state, rows] of Object.entries(EXPECTED_WITH_CHECKPOINT)) {
    for (const [name, expected] of Object.entries(rows)) {
      it(`${state}, ${name}: ${expected}`, () => {
        const { scenario, lease } = withCheckpointIn(state as TrialState);
        scenario.monotonicMs += name === "expiry" ? TTL_MS : 0;
        const told = toldBy(scenario.submit((TRIAL_INPUTS[name] as (lease: LeaseKey) => StudyInput)(lease)));
        const { state: after, measurements, checkpoints } = scenario.trial(0);
        const counts = `${measurements.length} epochs, ${checkpoints.length} checkpoints`;
        assert.equal(`${told} -> ${after}, ${counts}`, expected);
      });
    }
  }
});

function toldBy(answer: Answer): string {
  if (answer.kind === "refused") return answer.reason;
  return answer.kind === "rejected" ? answer.rejection.code : answer.kind;
}

describe("every input in every state of a trial", () => {
  for (const state of TRIAL_STATES) {
    for (const [name, inputFor] of Object.entries(TRIAL_INPUTS)) {
      it(`${state}, ${name}: ${EXPECTED[state][name]}`, () => {
        const { scenario, lease } = withTrialIn(state);
        scenario.monotonicMs += name === "expiry" ? TTL_MS : 0;
        const told = toldBy(scenario.submit(inputFor(lease)));
        assert.equal(`${told} -> ${scenario.trial(0).state}`, EXPECTED[state][name]);
      });

      it(`${state}, ${name} under another token changes nothing`, () => {
        const { scenario, lease } = withTrialIn(state);
        const input = inputFor({ ...lease, token: lease.token + 1 });
        if (!("lease" in input)) return;
        const before = JSON.stringify(scenario.study);
        assert.deepEqual(scenario.submit(input), { kind: "lease-lost" });
        assert.equal(JSON.stringify(scenario.study), before);
      });
    }
  }
});

/** Returns a study in the given status. A finalizing study has chosen its best trial. */
function withStatus(status: StudyStatus): Scenario {
  const scenario = new Scenario(specOf({ maxTrials: 1 }));
  if (status === "active") return scenario;
  if (status === "stopped") scenario.submit({ type: "stop-study", reason: "enough" });
  else if (status === "failed") scenario.fail("infeasible");
  else scenario.complete(0.9);
  if (status === "finalizing" || status === "completed") scenario.select("0");
  if (status === "completed") scenario.submit({ type: "best-evaluated", trialId: "0", test: TEST_RESULT, models: [] });
  assert.equal(scenario.study.status, status);
  return scenario;
}

const STUDY_INPUTS: Readonly<Record<string, StudyInput>> = {
  suggestion: {
    type: "suggestions-ready",
    trialNumber: 0,
    basis: 1,
    suggestions: [{ values: { stddev: 0.1 }, source: "random" }],
  },
  contenders: { type: "contenders-ready", reopenings: 0, trialIds: ["0", "1"] },
  selection: { type: "selection-ready", selection: selectionOf("0") },
  evaluated: { type: "best-evaluated", trialId: "0", test: TEST_RESULT, models: [] },
  "evaluation failed": { type: "evaluation-failed", trialId: "0", message: "No data." },
  stop: { type: "stop-study", reason: "enough" },
  resume: { type: "resume-study" },
  "cancel and delete": { type: "delete-study", cancels: true },
  "test data checked": { type: "test-data-checked" },
  tick: { type: "tick", capacity: 1, trainerIds: ["trainer-1"] },
};

const STATUS_AFTER: Readonly<Record<StudyStatus, Readonly<Record<string, StudyStatus>>>> = {
  active: { ...sameFor("active"), stop: "stopped", "cancel and delete": "stopped" },
  finalizing: { ...sameFor("finalizing"), evaluated: "completed", "cancel and delete": "stopped" },
  completed: sameFor("completed"),
  stopped: sameFor("stopped"),
  failed: sameFor("failed"),
};

function sameFor(status: StudyStatus): Readonly<Record<string, StudyStatus>> {
  return Object.fromEntries(Object.keys(STUDY_INPUTS).map((name) => [name, status]));
}

describe("every input in every status of a study", () => {
  for (const status of STATUSES) {
    for (const [name, input] of Object.entries(STUDY_INPUTS)) {
      it(`${status}, ${name}: ${STATUS_AFTER[status][name]}`, () => {
        const scenario = withStatus(status);
        assert.deepEqual(scenario.submit(input), { kind: "done" });
        assert.equal(scenario.study.status, STATUS_AFTER[status][name]);
      });
    }
  }
});

describe("the transition tables", () => {
  it("forbid every other transition of a trial", () => {
    for (const from of TRIAL_STATES) {
      for (const to of TRIAL_STATES) {
        if (TRIAL_TRANSITIONS[from].includes(to)) checkTrialTransition("0", from, to);
        else assert.throws(() => checkTrialTransition("0", from, to), InvariantError, `${from} to ${to}`);
      }
    }
  });

  it("forbid every other transition of a study", () => {
    for (const from of STATUSES) {
      for (const to of STATUSES) {
        if (STUDY_TRANSITIONS[from].includes(to)) checkStudyTransition("study", from, to);
        else assert.throws(() => checkStudyTransition("study", from, to), InvariantError, `${from} to ${to}`);
      }
    }
  });

  it("refuse to replay an impossible event", () => {
    const { study } = new Scenario();
    const impossible: readonly StudyEvent[] = [
      { type: "study-created", studyId: "study", spec: specOf() },
      { type: "trial-queued", trialId: "7", values: {}, source: "random" },
      { type: "trial-cancelled", trialId: "0" },
      { type: "study-ended", status: "completed" },
      { type: "study-deleted" },
    ];
    for (const event of impossible) assert.throws(() => evolve(study, event, 0), InvariantError, event.type);
    assert.throws(() => evolve(undefined, { type: "trial-cancelled", trialId: "0" }, 0), InvariantError);
  });
});
