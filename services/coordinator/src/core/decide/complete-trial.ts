import type { CompleteTrial } from "../boundary/input.js";
import { executionObjectives } from "../query/objective.js";
import { executionsOf } from "../query/trial-plan.js";
import type { Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";

/** Ends a trial with the objective that its reported epochs give. */
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
