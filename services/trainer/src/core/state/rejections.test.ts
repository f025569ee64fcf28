import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { apply } from "../apply.js";
import type { Input } from "../boundary/input.js";
import { readyState, sampleLease } from "../samples.fixture.js";
import { REJECTIONS_MAX, type Rejections, remainingMs, withRejection } from "./rejections.js";
import type { State } from "./state.js";

const ASSIGNMENT = { studyId: studyIdOf("study"), trialId: trialIdOf("0"), attempt: 1 };
const OF_SAME_STUDY = { ...ASSIGNMENT, trialId: trialIdOf("1") };
const OF_OTHER_STUDY = { ...ASSIGNMENT, studyId: studyIdOf("other") };

const RECEIVED: Input = { type: "assignment-received", assignment: ASSIGNMENT };
const REJECTED: Input = { type: "lease-rejected", assignment: ASSIGNMENT, message: "no plan" };

/** Offers the trial as soon as the trainer has given it back, and returns the delays. */
function delaysOf(count: number): {
  readonly delays: readonly number[];
  readonly state: State;
  readonly nowMs: number;
} {
  const delays: number[] = [];
  let [state, nowMs] = [readyState({ name: "idle" }), 10_000];
  for (let index = 0; index < count; index += 1) {
    const step = apply(apply(state, RECEIVED, nowMs).state, REJECTED, nowMs);
    const [givenBack, pulled] = step.effects;
    assert.equal(pulled?.type, "pull-assignment");
    assert.ok(givenBack?.type === "give-back-assignment");
    delays.push(givenBack.delayMs);
    state = step.state;
    nowMs += givenBack.delayMs;
  }
  return { delays, state, nowMs };
}

/** Returns the delays that are left for some assignments. */
function remaining({ rejections }: State, ...assignments: readonly (typeof ASSIGNMENT)[]): readonly number[] {
  return assignments.map((assignment) => remainingMs(rejections, assignment, 0));
}

/** Returns the state after the coordinator has answered the request for ASSIGNMENT. */
function answered(answer: Input): State {
  const assignments = [ASSIGNMENT, OF_SAME_STUDY, OF_OTHER_STUDY];
  const rejections = assignments.reduce<Rejections>((before, each) => withRejection(before, each, 0), []);
  const leasing = readyState({ name: "leasing", assignment: ASSIGNMENT, giveUpAtMs: 20_000 });
  return apply({ ...leasing, rejections }, answer, 10_000).state;
}

describe("a trainer whose request for a trial is rejected", () => {
  it("asks again for the trial after twice the time, up to a minute", () => {
    assert.deepEqual(delaysOf(6).delays, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it("gives the trial back without a request if the queue offers it before", () => {
    const { state, nowMs } = delaysOf(3);
    const early = apply(state, RECEIVED, nowMs - 12_000);
    assert.deepEqual(early.effects, [
      { type: "give-back-assignment", assignment: ASSIGNMENT, delayMs: 12_000 },
      { type: "pull-assignment" },
    ]);
    assert.deepEqual(early.state, state);
    const { effects } = apply(state, RECEIVED, nowMs);
    assert.deepEqual(effects, [{ type: "acquire-lease", assignment: ASSIGNMENT }]);
  });

  it("asks for another attempt of the trial no sooner, and for other trials at once", () => {
    const { state, nowMs } = delaysOf(1);
    const effectsOf = (assignment: typeof ASSIGNMENT) =>
      apply(state, { type: "assignment-received", assignment }, nowMs - 1).effects.map(({ type }) => type);
    assert.deepEqual(effectsOf({ ...ASSIGNMENT, attempt: 2 }), ["give-back-assignment", "pull-assignment"]);
    assert.deepEqual(effectsOf(OF_SAME_STUDY), ["acquire-lease"]);
    assert.deepEqual(effectsOf(OF_OTHER_STUDY), ["acquire-lease"]);
  });

  it("forgets the trial with its lease", () => {
    const state = answered({ type: "lease-granted", assignment: ASSIGNMENT, lease: sampleLease, sentMs: 9_500 });
    assert.deepEqual(remaining(state, ASSIGNMENT, OF_SAME_STUDY, OF_OTHER_STUDY), [0, 5_000, 5_000]);
  });

  it("forgets the trial that is void, and all trials of a study that is gone", () => {
    for (const reason of ["trial-settled", "already-leased", "stale-attempt", "study-paused", "set-aside"] as const) {
      const state = answered({ type: "lease-refused", assignment: ASSIGNMENT, reason });
      assert.deepEqual(remaining(state, ASSIGNMENT, OF_SAME_STUDY, OF_OTHER_STUDY), [0, 5_000, 5_000], reason);
    }
    for (const reason of ["unknown-trial", "study-over"] as const) {
      const state = answered({ type: "lease-refused", assignment: ASSIGNMENT, reason });
      assert.deepEqual(remaining(state, ASSIGNMENT, OF_SAME_STUDY, OF_OTHER_STUDY), [0, 0, 5_000], reason);
    }
  });

  it("remembers a bounded number of trials, the newest ones", () => {
    let rejections: Rejections = [];
    for (let index = 0; index <= REJECTIONS_MAX; index += 1) {
      rejections = withRejection(rejections, { ...ASSIGNMENT, trialId: trialIdOf(String(index)) }, 0);
    }
    assert.equal(rejections.length, REJECTIONS_MAX);
    assert.equal(remainingMs(rejections, ASSIGNMENT, 0), 0);
    assert.equal(remainingMs(rejections, OF_SAME_STUDY, 0), 5_000);
  });
});
