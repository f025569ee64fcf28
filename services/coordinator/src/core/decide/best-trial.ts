// The choice of the best trial, and its evaluation: on the test split, or by the test run of a
// program.

import { TEST_RUN_ID } from "@sintonia/protocol/names";
import { isProgramStudy } from "@sintonia/tuning/spec/study-spec";
import type { BestEvaluated, ContendersReady, EvaluationFailed, SelectionReady } from "../boundary/input.js";
import { awaitsContenders } from "../query/replicates.js";
import type { EventOf, StudyEvent } from "../state/event.js";
import { nextTested, readingOf } from "../state/reopening.js";
import { type Artifact, findTrial, isOutstanding, type Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";

/**
 * Records the contenders. Ignores a repeat, contenders of a study that was stopped, and those that
 * were requested before its extension.
 */
export function contendersReady(study: Study, { reopenings, trialIds }: ContendersReady): Decision {
  const done = { kind: "done" } as const;
  if (!awaitsContenders(study) || reopenings !== (study.reopenings ?? 0)) return answerOnly(done);
  // A single contender has no other trial to be compared with.
  return { events: [{ type: "contenders-chosen", trialIds: trialIds.length < 2 ? [] : trialIds }], answer: done };
}

/**
 * Records the choice of the best trial. Ignores a repeat. The choice ends a study of a program, or
 * queues the test run of the trial.
 */
export function selectionReady(study: Study, { selection }: SelectionReady): Decision {
  const done = { kind: "done" } as const;
  if (study.status !== "finalizing" || study.bestTrialId !== undefined) return answerOnly(done);
  const chosen = { ...study, selection, bestTrialId: selection.trialId };
  return { events: [{ type: "best-selected", selection }, ...nextTest(chosen)], answer: done };
}

/**
 * Returns what follows the choice, or the test of another trial of the front: the next test run of
 * a program's study, or the end of a study with nothing left to test. A trial whose model has
 * figures of the test split already keeps them: nothing is read again.
 *
 * @param tested - a trial of the front whose test has just ended
 */
function nextTest(study: Study, tested?: string): readonly StudyEvent[] {
  const { spec, ending, bestTrialId } = study;
  const trialId = nextTested(study, tested);
  if (ending === undefined || trialId === undefined) return [];
  const { test, testMetrics, models } = (trialId === bestTrialId && readingOf(study, trialId)) || {};
  if (test !== undefined) return [{ type: "study-ended", status: ending, test, ...(models && { models }) }];
  if (!isProgramStudy(spec) || testMetrics !== undefined) return [];
  if (spec.program.test !== undefined) return [{ type: "test-queued", trialId: TEST_RUN_ID, tests: trialId }];
  return [{ type: "study-ended", status: ending, models: filesOf(study, trialId) }];
}

/** Returns the files that the program of a trial left. */
function filesOf(study: Study, trialId: string): readonly Artifact[] {
  const weights = findTrial(study, trialId)?.weights;
  return weights === undefined ? [] : [{ ...weights, kind: "program-files" }];
}

/**
 * Ends a study whose test run has ended. A test that failed costs the study its test figures, and
 * nothing else.
 */
export function concludeTest(study: Study): readonly StudyEvent[] {
  const { status, testRun, ending } = study;
  if (status !== "finalizing" || ending === undefined || testRun === undefined || isOutstanding(testRun)) return [];
  const models = filesOf(study, testRun.tests ?? "");
  const added = testRun.weights === undefined ? [] : [{ ...testRun.weights, kind: "program-files" } as const];
  if (testRun.tests !== study.bestTrialId && testRun.tests !== undefined) {
    return afterFrontTest(study, { trialId: testRun.tests, models: [...models, ...added] });
  }
  if (testRun.state === "completed") return [{ type: "study-ended", status: ending, models: [...models, ...added] }];
  return [{ type: "study-ended", status: ending, models, message: untestedMessage(study) }];
}

function untestedMessage({ testRun, message }: Study): string {
  const fault = `The test of trial ${testRun?.tests} failed: ${testRun?.message}`;
  return message === undefined ? fault : `${message} ${fault}`;
}

/** Ends a study whose test run a person stops. Undefined if no test run is under way. */
export function stopTest(study: Study, reason: string): readonly StudyEvent[] | undefined {
  const { status, testRun } = study;
  if (status !== "finalizing" || testRun === undefined || !isOutstanding(testRun)) return undefined;
  const message = `${reason} The test of trial ${testRun.tests} was stopped.`;
  return [
    { type: "trial-cancelled", trialId: testRun.id },
    { type: "study-ended", status: "stopped", models: filesOf(study, study.bestTrialId ?? ""), message },
  ];
}

/** Records the test of a trial of the front, and what follows from it. */
function afterFrontTest(study: Study, reading: Omit<EventOf<"front-tested">, "type">): readonly StudyEvent[] {
  return [{ type: "front-tested", ...reading }, ...nextTest(study, reading.trialId)];
}

/** Ends a finalizing study with the result on the test split, once each trial to test has one. */
export function bestEvaluated(study: Study, { trialId, test, models }: BestEvaluated): Decision {
  const done = { kind: "done" } as const;
  if (!isEvaluating(study, trialId) || study.ending === undefined) return answerOnly(done);
  if (trialId !== study.bestTrialId) return { events: afterFrontTest(study, { trialId, test, models }), answer: done };
  return { events: [{ type: "study-ended", status: study.ending, test, models }], answer: done };
}

/**
 * Records that the evaluation waits, once for each reason. A fault never ends the study: its
 * training is done, and a later evaluation may succeed.
 */
export function evaluationFailed(study: Study, { trialId, message }: EvaluationFailed): Decision {
  const done = { kind: "done" } as const;
  if (!isEvaluating(study, trialId) || study.evaluationFault === message) return answerOnly(done);
  return { events: [{ type: "evaluation-paused", message }], answer: done };
}

function isEvaluating(study: Study, trialId: string): boolean {
  return study.status === "finalizing" && nextTested(study) === trialId;
}

/**
 * Ends a study whose best trial cannot be evaluated as failed. Another trial of the front costs the
 * study its figures alone.
 */
export function evaluationImpossible(study: Study, trialId: string, message: string): Decision {
  const done = { kind: "done" } as const;
  if (study.status !== "finalizing") return answerOnly(done);
  if (trialId === study.bestTrialId) {
    const reason = `Trial ${trialId} is the best but cannot be evaluated: ${message}`;
    return { events: [{ type: "study-ended", status: "failed", message: reason }], answer: done };
  }
  if (!isEvaluating(study, trialId)) return answerOnly(done);
  return { events: afterFrontTest(study, { trialId, models: [] }), answer: done };
}
