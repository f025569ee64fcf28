// The end of an attempt: the trial completes, ends without an objective, or returns to the queue.

import type { CompleteTrial, FailTrial } from "../boundary/input.js";
import { executionObjectives } from "../query/objective.js";
import { executionsOf } from "../query/trial-plan.js";
import type { StudyEvent } from "../state/event.js";
import type { Study, Trial } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";

/** Completes a trial. Its objective is the mean over the executions' kept epochs. */
export function completeTrial(study: Study, input: CompleteTrial): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  const { trial } = check;
  if (check.kind === "settled") return answerOnly({ kind: trial.state === "completed" ? "continue" : "stop" });
  const executions = executionsOf(study, trial);
  const rule = { objective: study.spec.objective, executions, keptEpochs: input.keptEpochs };
  const objectives = executionObjectives(trial, rule);
  if (objectives === undefined) {
    return answerOnly({ kind: "rejected", rejection: { code: "EXECUTIONS_MISSING", executions } });
  }
  const objective = objectives.reduce((sum, value) => sum + value, 0) / executions;
  return {
    events: [{ type: "trial-completed", trialId: trial.id, objective, objectives, weights: input.weights }],
    answer: { kind: "continue" },
  };
}

/**
 * Ends an attempt that did not complete. An interrupted trial returns to the queue while attempts
 * remain.
 */
export function failTrial(study: Study, input: FailTrial): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  if (check.kind === "settled") return answerOnly({ kind: "continue" });
  return { events: [failureEvent(study, check.trial, input)], answer: { kind: "continue" } };
}

function failureEvent(study: Study, trial: Trial, { kind, message }: FailTrial): StudyEvent {
  switch (kind) {
    case "infeasible":
      return { type: "trial-infeasible", trialId: trial.id, message };
    case "error":
      return { type: "trial-failed", trialId: trial.id, message };
    case "interrupted":
      return retryOrFail(study, trial, message);
  }
}

/**
 * Returns a trial to the queue under its next attempt, or fails the trial after its last attempt.
 */
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
