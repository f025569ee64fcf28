// The end of an attempt: the trial completes, ends without an objective, or returns to the queue.
// lost-attempt.ts decides which lost attempts count.

import { meanOf } from "@sintonia/tuning/selection/mean-interval";
import type { CompleteTrial, FailTrial } from "../boundary/input.js";
import { aimsOfStudy } from "../outcomes/aims.js";
import { judgeHandBack } from "../pruning/consequences.js";
import { keptMeasurements, objectiveOf } from "../query/objective.js";
import { testMetrics } from "../query/test-run.js";
import { missingOutcomeText, trialOutcomes } from "../query/trial-outcomes.js";
import { executionsOf } from "../query/trial-plan.js";
import type { EventOf, StudyEvent } from "../state/event.js";
import type { Study, Trial } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";
import { clearSuspects, isTrainerSuspected, loseAttempt, requeue, setAside, suspectTrainer } from "./lost-attempt.js";

/**
 * Completes a trial. Its objective is the mean over the executions' kept epochs. A trial without an
 * outcome that the study's aims name has failed: not its values are the cause, but its program or
 * its trainer.
 */
export function completeTrial(study: Study, input: CompleteTrial): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  const { trial } = check;
  if (check.kind === "settled") return answerOnly({ kind: trial.state === "completed" ? "continue" : "stop" });
  if (trial.tests !== undefined) return completeTest(trial, input);
  const executions = executionsOf(study, trial);
  const { objective: aim } = study.spec;
  const kept = keptMeasurements(trial, { objective: aim, executions, keptEpochs: input.keptEpochs });
  if (kept === undefined) {
    return answerOnly({ kind: "rejected", rejection: { code: "EXECUTIONS_MISSING", executions } });
  }
  const objectives = kept.map((measurement) => objectiveOf(measurement, aim));
  const result = { objective: meanObjective(objectives), objectives };
  const { weights, facts = {} } = input;
  // The objective of a replicate alone is compared.
  if (aimsOfStudy(study) === undefined || trial.replicates !== undefined)
    return completed(trial, { ...result, weights });
  const measured = trialOutcomes(study, trial, { kept, weights, facts });
  if (measured.ok) return completed(trial, { ...result, outcomes: measured.outcomes, weights });
  return {
    events: [{ type: "trial-failed", trialId: trial.id, message: missingOutcomeText(study, measured.missing) }],
    answer: { kind: "stop" },
  };
}

function completed({ id }: Trial, result: Omit<EventOf<"trial-completed">, "type" | "trialId">): Decision {
  return { events: [{ type: "trial-completed", trialId: id, ...result }], answer: { kind: "continue" } };
}

/** Completes a test run, which has reported at least one metric. */
function completeTest(testRun: Trial, { weights }: CompleteTrial): Decision {
  const metrics = testMetrics(testRun);
  if (Object.keys(metrics).length === 0) {
    return answerOnly({ kind: "rejected", rejection: { code: "EXECUTIONS_MISSING", executions: 1 } });
  }
  return {
    events: [{ type: "test-completed", trialId: testRun.id, metrics, weights }],
    answer: { kind: "continue" },
  };
}

/**
 * Ends an attempt that did not complete.
 *
 * @param trainerIds - the live trainers
 */
export function failTrial(study: Study, input: FailTrial, trainerIds: readonly string[]): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  if (check.kind === "settled") return answerOnly({ kind: "continue" });
  return { events: failureEvents(study, check.trial, input, trainerIds), answer: { kind: "continue" } };
}

function failureEvents(
  study: Study,
  trial: Trial,
  { kind, message }: FailTrial,
  trainerIds: readonly string[],
): readonly StudyEvent[] {
  switch (kind) {
    case "infeasible":
      return [{ type: "trial-infeasible", trialId: trial.id, message }];
    case "preempted":
      return judgeHandBack(study, trial, requeue(trial, message));
    case "trainer":
      return setAside(trial, message);
    case "error":
    case "interrupted": {
      if (isTrainerSuspected(study, trial, trainerIds)) return suspectTrainer(trial, message);
      const failed = { type: "trial-failed", trialId: trial.id, message } as const;
      const lost = kind === "error" ? [failed] : loseAttempt(study, trial, message);
      return [...lost, ...clearSuspects(study, trial)];
    }
  }
}

/** Returns the mean of finite objectives. It is finite even where their sum is not. */
function meanObjective(objectives: readonly number[]): number {
  const sum = objectives.reduce((total, value) => total + value, 0);
  return Number.isFinite(sum) ? sum / objectives.length : meanOf(objectives);
}
