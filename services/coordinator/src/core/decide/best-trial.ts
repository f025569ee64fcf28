// The choice of the best trial, and its evaluation: on the test split, or by the test run of a
// program.

import { TEST_RUN_ID } from "@sintonia/protocol/names";
import { isProgramStudy } from "@sintonia/tuning/spec/study-spec";
import type { BestEvaluated, ContendersReady, EvaluationFailed, SelectionReady } from "../boundary/input.js";
import { awaitsContenders } from "../query/replicates.js";
import type { StudyEvent } from "../state/event.js";
import { readingOf } from "../state/reopening.js";
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
  return { events: [{ type: "best-selected", selection }, ...afterChoice(study, selection)], answer: done };
}

/** A trial whose model has figures of the test split already keeps them: nothing is read again. */
function afterChoice(study: Study, { trialId }: SelectionReady["selection"]): readonly StudyEvent[] {
  const { spec, ending } = study;
  if (ending === undefined) return [];
  const { test, testMetrics, models } = readingOf(study, trialId) ?? {};
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
    { type: "study-ended", status: "stopped", models: filesOf(study, testRun.tests ?? ""), message },
  ];
}

/** Ends a finalizing study with the result on the test split. */
export function bestEvaluated(study: Study, { trialId, test, models }: BestEvaluated): Decision {
  const done = { kind: "done" } as const;
  if (!isEvaluating(study, trialId) || study.ending === undefined) return answerOnly(done);
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

function isEvaluating({ status, bestTrialId }: Study, trialId: string): boolean {
  return status === "finalizing" && bestTrialId === trialId;
}
