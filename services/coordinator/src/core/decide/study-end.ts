import type { BestEvaluated, EvaluationFailed, StopStudy } from "../boundary/input.js";
import { bestMeasuredTrial } from "../query/objective.js";
import { searchTrials, wantsReplicates } from "../query/replicates.js";
import type { StudyEvent } from "../state/event.js";
import { isOutstanding, type Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";

/** Cancels what is under way and turns to the best of what has completed. */
export function stopStudy(study: Study, input: StopStudy): Decision {
  const done = { kind: "done" } as const;
  if (study.status !== "active") return answerOnly(done);
  return { events: [...cancellations(study), conclusion(study, "stopped", input.reason)], answer: done };
}

/** Ends a finalizing study with its result on the test split. */
export function bestEvaluated(study: Study, { test, models }: BestEvaluated): Decision {
  const done = { kind: "done" } as const;
  if (!isEvaluated(study) || study.ending === undefined) return answerOnly(done);
  return { events: [{ type: "study-ended", status: study.ending, test, models }], answer: done };
}

/** Ends a finalizing study without a result. Its trials stay. */
export function evaluationFailed(study: Study, { message }: EvaluationFailed): Decision {
  const done = { kind: "done" } as const;
  if (!isEvaluated(study)) return answerOnly(done);
  return { events: [{ type: "study-ended", status: "failed", message }], answer: done };
}

/** Whether the best trial was chosen and is being evaluated. */
function isEvaluated({ status, bestTrialId }: Study): boolean {
  return status === "finalizing" && bestTrialId !== undefined;
}

/**
 * The stopping rule, applied after every input: too many failures in a row fail the study; a spent budget or an oracle
 * without further suggestions turns it to its best trial once nothing is under way, replicates of the best included.
 */
export function concludeIfDone(study: Study): readonly StudyEvent[] {
  if (study.status !== "active") return [];
  const { maxConsecutiveFailures, maxTrials } = study.spec.budget;
  if (study.consecutiveFailures >= maxConsecutiveFailures) {
    return [...cancellations(study), { type: "study-ended", status: "failed", message: failureMessage(study) }];
  }
  const isSpent = searchTrials(study).length >= maxTrials;
  if ((!isSpent && study.oracleExhausted !== true) || study.trials.some(isOutstanding)) return [];
  if (wantsReplicates(study)) return study.searchEnded === true ? [] : [{ type: "search-ended" }];
  return [conclusion(study, "completed", isSpent ? undefined : "The oracle has nothing left to suggest.")];
}

function conclusion(study: Study, ending: "completed" | "stopped", message?: string): StudyEvent {
  const reason = message === undefined ? {} : { message };
  if (bestMeasuredTrial(study) !== undefined) return { type: "study-finalizing", ending, ...reason };
  if (ending === "stopped") return { type: "study-ended", status: "stopped", ...reason };
  return { type: "study-ended", status: "failed", message: "No trial completed, so there is no best model." };
}

function cancellations(study: Study): readonly StudyEvent[] {
  return study.trials.filter(isOutstanding).map((trial) => ({ type: "trial-cancelled", trialId: trial.id }));
}

function failureMessage(study: Study): string {
  const last = study.trials.findLast((trial) => trial.state === "failed");
  return `${study.consecutiveFailures} trials failed in a row. The last: ${last?.message ?? "unknown"}`;
}
