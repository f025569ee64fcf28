// The end of an attempt: the trial completes, ends without an objective, or returns to the queue.
// lost-attempt.ts decides which lost attempts count.

import { meanOf } from "@sintonia/tuning/selection/mean-interval";
import type { CompleteTrial, FailTrial } from "../boundary/input.js";
import { judgeHandBack } from "../pruning/consequences.js";
import { executionObjectives } from "../query/objective.js";
import { testMetrics } from "../query/test-run.js";
import { executionsOf } from "../query/trial-plan.js";
import type { StudyEvent } from "../state/event.js";
import type { Study, Trial } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";
import { clearSuspects, isTrainerSuspected, loseAttempt, requeue, setAside, suspectTrainer } from "./lost-attempt.js";

/** Completes a trial. Its objective is the mean over the executions' kept epochs. */
export function completeTrial(study: Study, input: CompleteTrial): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  const { trial } = check;
  if (check.kind === "settled") return answerOnly({ kind: trial.state === "completed" ? "continue" : "stop" });
  if (trial.tests !== undefined) return completeTest(trial, input);
  const executions = executionsOf(study, trial);
  const rule = { objective: study.spec.objective, executions, keptEpochs: input.keptEpochs };
  const objectives = executionObjectives(trial, rule);
  if (objectives === undefined) {
    return answerOnly({ kind: "rejected", rejection: { code: "EXECUTIONS_MISSING", executions } });
  }
  const objective = meanObjective(objectives);
  return {
    events: [{ type: "trial-completed", trialId: trial.id, objective, objectives, weights: input.weights }],
    answer: { kind: "continue" },
  };
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
