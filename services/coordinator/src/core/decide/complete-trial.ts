import type { CompleteTrial } from "../input.js";
import { trialObjective } from "../study/objective.js";
import type { Study } from "../study/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";

/** Ends a trial with the objective that its reported epochs give. */
export function completeTrial(study: Study, input: CompleteTrial): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  const { trial } = check;
  if (check.kind === "settled") return answerOnly({ kind: trial.state === "completed" ? "continue" : "stop" });
  const executions = study.spec.budget.executionsPerTrial;
  const rule = { objective: study.spec.objective, executions, keptEpochs: input.keptEpochs };
  const objective = trialObjective(trial, rule);
  if (objective === undefined) {
    return answerOnly({ kind: "rejected", rejection: { code: "EXECUTIONS_MISSING", executions } });
  }
  return {
    events: [{ type: "trial-completed", trialId: trial.id, objective, weights: input.weights }],
    answer: { kind: "continue" },
  };
}
