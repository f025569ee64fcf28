import type { Measurement } from "@sintonia/protocol/measurement";
import type { Rejection } from "../boundary/answer.js";
import type { ReportEpoch } from "../boundary/input.js";
import { isCost, spentText } from "../budget/limits.js";
import { indexOfEpoch } from "../measurements/measurements.js";
import { answerRepeated, judgeReport } from "../pruning/consequences.js";
import { isNext, nonFinite } from "../query/objective.js";
import { executionsOf, maxEpochsOf } from "../query/trial-plan.js";
import { isOfSearch } from "../spending/lease-time.js";
import type { SpentLimit, Study, Trial } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";

/**
 * Records the next epoch of a leased trial, renews the lease and asks the pruner. Recognises a
 * repeated report. A metric that is not finite ends the trial as infeasible.
 */
export function reportEpoch(study: Study, input: ReportEpoch): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  const { trial } = check;
  const { measurement } = input;
  if (isRecorded(trial, measurement)) {
    const answer = check.kind === "valid" ? answerRepeated(study, trial) : ({ kind: "stop" } as const);
    return { ...answerOnly(answer), renew: trial.id };
  }
  if (check.kind === "settled") return answerOnly({ kind: "stop" });
  if (study.spentLimit !== undefined && isCost(study.spentLimit.limit) && isOfSearch(trial))
    return beyondBudget(trial, study.spentLimit);
  const metric = nonFinite(measurement);
  if (metric !== undefined) return infeasible(trial, measurement, metric);
  const rejection = rejectionOf(study, trial, measurement);
  if (rejection !== undefined) return answerOnly({ kind: "rejected", rejection });
  const { events, answer } = judgeReport(study, trial, measurement);
  return { events: [{ type: "epoch-reported", trialId: trial.id, measurement }, ...events], answer, renew: trial.id };
}

/** Ends the trial that spent the last epoch of the budget once it needs a further one. */
function beyondBudget({ id }: Trial, spent: SpentLimit): Decision {
  return { events: [{ type: "trial-cancelled", trialId: id, reason: spentText(spent) }], answer: { kind: "stop" } };
}

function isRecorded(trial: Trial, measurement: Measurement): boolean {
  return indexOfEpoch(trial.measurements, measurement) >= 0;
}

function infeasible(trial: Trial, measurement: Measurement, metric: string): Decision {
  const message = `${metric} was not finite in epoch ${measurement.epoch} of execution ${measurement.execution}.`;
  return { events: [{ type: "trial-infeasible", trialId: trial.id, message }], answer: { kind: "stop" } };
}

function rejectionOf(study: Study, trial: Trial, measurement: Measurement): Rejection | undefined {
  const { metric } = study.spec.objective;
  if (trial.tests === undefined && !Object.hasOwn(measurement.metrics, metric))
    return { code: "OBJECTIVE_MISSING", metric };
  const { execution, epoch } = measurement;
  const maxEpochs = maxEpochsOf(study, trial) ?? Number.POSITIVE_INFINITY;
  if (epoch >= maxEpochs) return { code: "EPOCH_BEYOND_LIMIT", execution, epoch, maxEpochs };
  if (isNext(trial, measurement, executionsOf(study, trial))) return undefined;
  return { code: "EPOCH_OUT_OF_ORDER", execution, epoch, reported: trial.measurements.length };
}
