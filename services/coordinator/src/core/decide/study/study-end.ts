// The end of a study, and of what waits for an effect that failed for good: no effect is repeated
// without end.

import { noPointLeft } from "@sintonia/tuning/oracle/contract/exhaustion";
import type { DeleteStudy, EffectFailed, StopStudy } from "../../boundary/input.js";
import { endText, hasFurtherLimits, limitText } from "../../budget/limits.js";
import { waitingPoints } from "../../points/enqueued.js";
import { prunePaused } from "../../pruning/consequences.js";
import { promotions } from "../../pruning/verdicts.js";
import { bestMeasuredTrial } from "../../query/objective.js";
import { searchTrials, wantsReplicates } from "../../query/replicates.js";
import type { EventOf, StudyEvent } from "../../state/event.js";
import { canAvoidFailures } from "../../state/failures.js";
import { findTrial, hasEnded, isOver, leasableTrials, maxTrialsOf, type Study } from "../../state/study.js";
import { concludeTest, contendersReady, evaluationImpossible, stopTest } from "../best-trial.js";
import { answerOnly, type Decision } from "../decision.js";

/**
 * Stops the study at a person's request, at once or after its running trials: queued trials are
 * cancelled, and no other begins.
 */
export function stopStudy(study: Study, input: StopStudy): Decision {
  if (input.afterRunning !== true) return stopNow(study, input);
  if (study.status !== "active" || study.stopping !== undefined) return answerOnly({ kind: "done" });
  const queued = cancellations(study).filter(({ trialId }) => findTrial(study, trialId)?.state === "queued");
  return { events: [{ type: "study-stopping", reason: input.reason }, ...queued], answer: { kind: "done" } };
}

/**
 * Stops the study at once: cancels outstanding trials and finalizes the study if a
 * trial has completed. A study whose evaluation waits, or whose test runs, ends without the result
 * of it.
 */
function stopNow(study: Study, input: StopStudy): Decision {
  const done = { kind: "done" } as const;
  if (study.status === "finalizing" && study.evaluationFault !== undefined) {
    const message = `${input.reason} The best trial was not evaluated: ${study.evaluationFault}`;
    return { events: [{ type: "study-ended", status: "stopped", message }], answer: done };
  }
  const stopped = stopTest(study, input.reason);
  if (stopped !== undefined) return { events: stopped, answer: done };
  if (study.status !== "active") return answerOnly(done);
  return { events: [...cancellations(study), conclusion(study, "stopped", input.reason)], answer: done };
}

/**
 * Deletes the study at a person's request. One that has not ended is refused, or is cancelled
 * first: its trials end without a choice of the best one.
 */
export function deleteStudy(study: Study, { cancels }: DeleteStudy): Decision {
  const done = { kind: "done" } as const;
  if (study.isDeleted === true) return answerOnly(done);
  if (isOver(study)) return { events: [{ type: "study-deleted" }], answer: done };
  if (!cancels) return answerOnly({ kind: "rejected", rejection: { code: "STUDY_OPEN", status: study.status } });
  const end: StudyEvent = { type: "study-ended", status: "stopped", message: "Cancelled to be deleted." };
  return { events: [...cancellations(study), end, { type: "study-deleted" }], answer: done };
}

/**
 * Applies the stopping rule, after every input. Too many consecutive failures fail the study,
 * unless the oracle may still avoid them. A study that has reached a limit, or whose oracle is
 * exhausted, ends its search once no trial is outstanding and none is promoted. It is finalized
 * after the replicates, if there are any, and ends with its test run. A study that a person stops
 * after its running trials is finalized at once. A paused study takes none of these steps.
 */
export function concludeIfDone(study: Study): readonly StudyEvent[] {
  if (study.status === "finalizing") return concludeTest(study);
  if (study.status !== "active") return [];
  const maxTrials = maxTrialsOf(study);
  if (isFailing(study)) {
    return [...cancellations(study), { type: "study-ended", status: "failed", message: failureMessage(study) }];
  }
  if (study.outstandingCount > 0 || study.pause !== undefined) return [];
  if (study.stopping !== undefined) return [...prunePaused(study), conclusion(study, "stopped", study.stopping.reason)];
  const hasAllTrials = study.trials.length >= maxTrials && searchTrials(study).length >= maxTrials;
  const isExhausted = study.oracleExhausted === true && waitingPoints(study) === 0;
  const isSpent = study.spentLimit !== undefined;
  if (!hasAllTrials && !isExhausted && !isSpent) return [];
  if (!isSpent && promotions(study).length > 0) return [];
  const held = prunePaused(study);
  if (wantsReplicates(study)) return study.searchEnded === true ? held : [...held, { type: "search-ended" }];
  const isEarly = !hasAllTrials && !isSpent;
  return [...held, conclusion(study, "completed", isEarly ? exhaustion(study) : spentMessage(study))];
}

/** Says which limit ended the search; undefined for that of the trials if it is the only one. */
function spentMessage(study: Study): string | undefined {
  const { spentLimit } = study;
  const made = searchTrials(study).length;
  if (spentLimit !== undefined) return endText(spentLimit, made);
  return hasFurtherLimits(study) ? `Ended by its budget of ${limitText("maxTrials", made)}.` : undefined;
}

function isFailing(study: Study): boolean {
  const isLimit = study.consecutiveFailures >= study.spec.budget.maxConsecutiveFailures;
  return isLimit && (study.cautiousFailures > 0 || !canAvoidFailures(study));
}

/** Returns the event that finalizes the study, or ends it if no trial completed. */
function conclusion(study: Study, ending: "completed" | "stopped", message?: string): StudyEvent {
  const reason = message === undefined ? {} : { message };
  if (bestMeasuredTrial(study) !== undefined) return { type: "study-finalizing", ending, ...reason };
  if (ending === "stopped") return { type: "study-ended", status: "stopped", ...reason };
  return { type: "study-ended", status: "failed", message: withoutBest(study) };
}

/** Says why the search ended before its budget was spent, and what to do for more trials. */
function exhaustion(study: Study): string {
  const { oracleFault, spec } = study;
  if (oracleFault !== undefined) return oracleFault;
  const made = searchTrials(study).length;
  const counts = `after ${made} of ${maxTrialsOf(study)} trials`;
  const reason = `The oracle ${noPointLeft(spec, made, counts)}.`;
  return made === 0 ? reason : `${reason} A new study keeps these results with --warm-start.`;
}

function withoutBest(study: Study): string {
  if (study.spentLimit !== undefined) return `No trial completed, so there is no best model. ${spentMessage(study)}`;
  if (study.oracleFault !== undefined || study.trials.length === 0) {
    return `No trial completed, so there is no best model. ${exhaustion(study)}`;
  }
  const last = study.trials.findLast((trial) => trial.message !== undefined);
  const reason = last === undefined ? "" : ` The last one: ${last.message}`;
  return `No trial completed, so there is no best model.${reason}`;
}

function cancellations(study: Study): readonly EventOf<"trial-cancelled">[] {
  return leasableTrials(study)
    .filter((trial) => !hasEnded(trial))
    .map((trial) => ({ type: "trial-cancelled", trialId: trial.id }));
}

function failureMessage(study: Study): string {
  const last = study.trials.findLast((trial) => trial.state === "failed");
  return `${study.consecutiveFailures} trials failed in a row. The last: ${last?.message ?? "unknown"}`;
}

/**
 * Ends what waits for a failed effect: fails the trial of an assignment, ends the search of an
 * oracle without an answer, goes on without contenders, or fails a study without a best result.
 */
export function effectFailed(study: Study, { effect, message }: EffectFailed): Decision {
  const done = { kind: "done" } as const;
  switch (effect.type) {
    case "publish-assignment": {
      const { trialId, attempt } = effect;
      const trial = findTrial(study, trialId);
      if (trial?.state !== "queued" || trial.attempt !== attempt) return answerOnly(done);
      const reason = `The trial could not be offered to trainers: ${message}`;
      return { events: [{ type: "trial-failed", trialId, message: reason }], answer: done };
    }
    case "request-suggestions":
      if (study.status !== "active" || study.oracleExhausted === true) return answerOnly(done);
      return { events: [{ type: "oracle-exhausted", reason: `The oracle failed: ${message}` }], answer: done };
    case "choose-contenders":
      return contendersReady(study, { type: "contenders-ready", reopenings: effect.reopenings, trialIds: [] });
    case "select-best":
      if (study.bestTrialId !== undefined) return answerOnly(done);
      return withoutResult(study, `The best trial could not be chosen: ${message}`);
    case "evaluate-best":
      return evaluationImpossible(study, effect.trialId, message);
    case "withdraw-assignment":
    case "delete-checkpoint":
    case "erase-study":
    case "check-test-data":
      return answerOnly(done);
  }
}

function withoutResult({ status }: Study, message: string): Decision {
  const done = { kind: "done" } as const;
  if (status !== "finalizing") return answerOnly(done);
  return { events: [{ type: "study-ended", status: "failed", message }], answer: done };
}
