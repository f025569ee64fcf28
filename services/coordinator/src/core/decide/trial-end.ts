import type { FailTrial } from "../boundary/input.js";
import type { StudyEvent } from "../state/event.js";
import type { Study, Trial } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";

/** Ends an attempt: infeasible and error end the trial, an interruption gives it back while attempts remain. */
export function failTrial(study: Study, input: FailTrial): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  if (check.kind === "settled") return answerOnly({ kind: "continue" });
  return { events: [eventFor(study, check.trial, input)], answer: { kind: "continue" } };
}

function eventFor(study: Study, trial: Trial, { kind, message }: FailTrial): StudyEvent {
  switch (kind) {
    case "infeasible":
      return { type: "trial-infeasible", trialId: trial.id, message };
    case "error":
      return { type: "trial-failed", trialId: trial.id, message };
    case "interrupted":
      return retryOrFail(study, trial, message);
  }
}

/** Gives a trial back to the queue under its next attempt, or fails it if that was the last. */
export function retryOrFail(study: Study, trial: Trial, reason: string): StudyEvent {
  const { maxAttemptsPerTrial } = study.spec.budget;
  if (trial.attempt < maxAttemptsPerTrial) {
    return { type: "trial-requeued", trialId: trial.id, attempt: trial.attempt + 1, reason };
  }
  return {
    type: "trial-failed",
    trialId: trial.id,
    message: `Attempt ${trial.attempt} of ${maxAttemptsPerTrial} was lost: ${reason}`,
  };
}
