// Points that a person adds to a study: values of its next trials.

import { checkValues, type ValuesResult } from "@sintonia/tuning/space/check/values";
import { constraintsOf } from "@sintonia/tuning/space/constraint/parse";
import { isInRegion } from "@sintonia/tuning/space/constraint/region";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { formatProblems, toProblems } from "@sintonia/tuning/validation/problems";
import type { Rejection } from "../../boundary/answer.js";
import type { EnqueueTrial, RetryTrial } from "../../boundary/input.js";
import { pointCount, trialIdOfPoint, waitingPoints } from "../../points/enqueued.js";
import { unmadeTrials } from "../../points/unmade.js";
import { type EnqueuedPoint, findTrial, maxTrialsOf, type Study, type TrialState } from "../../state/study.js";
import { answerOnly, type Decision } from "../decision.js";
import { searchClosure } from "./budget.js";

const RETRYABLE: ReadonlySet<TrialState> = new Set(["failed", "cancelled"]);

/** Enqueues a point. The values identify it: the same values are enqueued once. */
export function enqueueTrial(study: Study, { values }: EnqueueTrial): Decision {
  const checked = checkedPoint(study.spec, values);
  if (checked.ok) return enqueue(study, { values: checked.values });
  return reject({ code: "VALUES_INVALID", problems: formatProblems(toProblems(checked.findings)) });
}

/**
 * Enqueues the values of a failed or cancelled trial again. That trial stays as it is, and has at
 * most one retry: a retry that fails can be retried itself.
 */
export function retryTrial(study: Study, { trialId }: RetryTrial): Decision {
  const trial = findTrial(study, trialId);
  if (trial === undefined) return reject({ code: "TRIAL_UNKNOWN", trialId });
  if (!RETRYABLE.has(trial.state)) return reject({ code: "TRIAL_NOT_RETRYABLE", trialId, state: trial.state });
  return enqueue(study, { values: trial.values, retries: trial.id });
}

function enqueue(study: Study, point: EnqueuedPoint): Decision {
  const { enqueued = [] } = study;
  const added = enqueued.findIndex((other) => isSame(other, point));
  const place = pointCount(study) - (added < 0 ? 0 : enqueued.length - added);
  const answer = { kind: "enqueued", trialId: trialIdOfPoint(study, place), existed: added >= 0 } as const;
  if (added >= 0) return answerOnly(answer);
  const rejection = closure(study);
  return rejection === undefined ? { events: [{ type: "point-enqueued", ...point }], answer } : reject(rejection);
}

/** Tells whether two points are the same call: a retry of the same trial, or the same values. */
function isSame(one: EnqueuedPoint, other: EnqueuedPoint): boolean {
  if (one.retries !== undefined || other.retries !== undefined) return one.retries === other.retries;
  return JSON.stringify(one.values) === JSON.stringify(other.values);
}

/** Returns why the study takes no further point; undefined if it does. */
function closure(study: Study): Rejection | undefined {
  const maxTrials = maxTrialsOf(study);
  const isSpent = waitingPoints(study) >= unmadeTrials(study);
  return searchClosure(study) ?? (isSpent ? { code: "BUDGET_SPENT", maxTrials } : undefined);
}

function reject(rejection: Rejection): Decision {
  return answerOnly({ kind: "rejected", rejection });
}

/** Checks the values of a point: one for each active parameter, within the constraints. */
function checkedPoint(
  { parameters: space, constraints = [] }: StudySpec,
  values: EnqueueTrial["values"],
): ValuesResult {
  const checked = checkValues(space, values);
  if (!checked.ok || isInRegion({ space, constraints: constraintsOf(constraints) }, checked.values)) return checked;
  return { ok: false, findings: [{ path: [], received: values, expected: "values that fulfil the constraints" }] };
}
