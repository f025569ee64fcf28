// The choice of the best trial and its evaluation on the test split.

import { isProgramStudy } from "@sintonia/tuning/spec/study-spec";
import type { BestEvaluated, ContendersReady, EvaluationFailed, SelectionReady } from "../boundary/input.js";
import type { StudyEvent } from "../state/event.js";
import { type Artifact, findTrial, type Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";

/** Records the contenders. Ignores a repeat, and contenders of a study that was stopped. */
export function contendersReady(study: Study, { trialIds }: ContendersReady): Decision {
  const done = { kind: "done" } as const;
  const isAwaited = study.status === "active" && study.searchEnded === true && study.contenders === undefined;
  if (!isAwaited) return answerOnly(done);
  // A single contender has no other trial to be compared with.
  return { events: [{ type: "contenders-chosen", trialIds: trialIds.length < 2 ? [] : trialIds }], answer: done };
}

/**
 * Records the choice of the best trial. Ignores a repeat. The choice ends a study of a program,
 * which has no test split.
 */
export function selectionReady(study: Study, { selection }: SelectionReady): Decision {
  const done = { kind: "done" } as const;
  if (study.status !== "finalizing" || study.bestTrialId !== undefined) return answerOnly(done);
  const { spec, ending } = study;
  const ends = isProgramStudy(spec) && ending !== undefined;
  const end: StudyEvent[] = ends ? [{ type: "study-ended", status: ending, models: filesOf(study, selection) }] : [];
  return { events: [{ type: "best-selected", selection }, ...end], answer: done };
}

/** Returns the files that the program of the best trial left. */
function filesOf(study: Study, { trialId }: SelectionReady["selection"]): readonly Artifact[] {
  const weights = findTrial(study, trialId)?.weights;
  return weights === undefined ? [] : [{ ...weights, kind: "program-files" }];
}

/** Ends a finalizing study with the result on the test split. */
export function bestEvaluated(study: Study, { test, models }: BestEvaluated): Decision {
  const done = { kind: "done" } as const;
  if (!isEvaluating(study) || study.ending === undefined) return answerOnly(done);
  return { events: [{ type: "study-ended", status: study.ending, test, models }], answer: done };
}

/**
 * Records that the evaluation is paused, once for each reason. A fault never ends the study: its
 * training is done, and a later evaluation may succeed.
 */
export function evaluationFailed(study: Study, { message }: EvaluationFailed): Decision {
  const done = { kind: "done" } as const;
  if (!isEvaluating(study) || study.evaluationFault === message) return answerOnly(done);
  return { events: [{ type: "evaluation-paused", message }], answer: done };
}

function isEvaluating({ status, bestTrialId }: Study): boolean {
  return status === "finalizing" && bestTrialId !== undefined;
}
