// The life of a lease: a trainer acquires the lease, heartbeats renew it, and it expires when no
// renewal comes in time.

import type { LeaseRefusal } from "@sintonia/protocol/lease";
import type { TrialPlan } from "@sintonia/tuning/plan/program-plan";
import type { AcquireLease, Heartbeat } from "../boundary/input.js";
import type { Rules } from "../boundary/now.js";
import type { Times } from "../collection/times.js";
import { planRefusal, trialPlan } from "../query/trial-plan.js";
import { demandOf, fits, UNKNOWN_OFFER } from "../resources/fit.js";
import type { StudyEvent } from "../state/event.js";
import { findTrial, isLeased, isOutstanding, isOver, type Study, type Trial } from "../state/study.js";
import { findSetAside } from "../state/trainers.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";
import { loseAttempt } from "./lost-attempt.js";

/**
 * Grants the attempt to the first trainer that asks, under a larger token than every earlier lease
 * of the study. A trial whose values give no plan is infeasible: no other trainer could train it.
 */
export function acquireLease(study: Study, input: AcquireLease, rules: Pick<Rules, "tokenFloor"> = {}): Decision {
  const trial = findTrial(study, input.trialId);
  if (trial === undefined) return refuse("unknown-trial");
  if (!isOutstanding(trial)) return refuse("trial-settled");
  if (isOver(study)) return refuse("study-over");
  if (trial.attempt !== input.attempt) return refuse("stale-attempt");
  if (trial.state !== "queued" && !isRepeat(trial, input)) return refuse("already-leased");
  if (trial.state === "queued" && study.pause !== undefined) return refuse("study-paused");
  if (trial.state === "queued" && findSetAside(study, input.trainerId) !== undefined) return refuse("set-aside");
  if (trial.state === "queued" && input.isCordoned === true) return refuse("cordoned");
  if (trial.state === "queued" && !fits(demandOf(study.spec), input.offer ?? UNKNOWN_OFFER)) return refuse("unfit");
  const result = trialPlan(study, trial);
  if (!result.ok) return unplanned(trial, planRefusal(result));
  if (trial.state !== "queued") return repeatGrant(trial, result.plan);
  return grant(input, Math.max(study.lastToken, rules.tokenFloor ?? 0) + 1, result.plan);
}

function grant({ trialId, attempt, trainerId, secret }: AcquireLease, token: number, plan: TrialPlan): Decision {
  const lease = { token, trainerId, ...(secret === undefined ? {} : { secret }) };
  return {
    events: [{ type: "lease-granted", trialId, attempt, ...lease }],
    answer: { kind: "granted", lease, plan },
  };
}

function unplanned({ id: trialId }: Trial, message: string): Decision {
  return {
    events: [{ type: "trial-infeasible", trialId, message }],
    answer: { kind: "refused", reason: "trial-settled" },
  };
}

/**
 * Tells whether the holder of a lease asks again before the first epoch: the first answer was lost.
 */
function isRepeat({ state, lease }: Trial, { trainerId }: AcquireLease): boolean {
  return state === "leased" && lease?.trainerId === trainerId;
}

function repeatGrant({ id, lease }: Trial, plan: TrialPlan): Decision {
  if (lease === undefined) return refuse("already-leased");
  return { ...answerOnly({ kind: "granted", lease, plan }), renew: id };
}

function refuse(reason: LeaseRefusal): Decision {
  return answerOnly({ kind: "refused", reason });
}

/** Renews a valid lease. A renewal is no event: deadlines are transient. */
export function heartbeat(study: Study, input: Heartbeat): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  const { trainerId = check.trial.lease?.trainerId } = input;
  if (trainerId !== check.trial.lease?.trainerId) return answerOnly({ kind: "lease-lost" });
  if (check.kind === "settled") return answerOnly({ kind: "stop" });
  return { ...answerOnly({ kind: "continue" }), renew: check.trial.id };
}

/**
 * Limit of the leases that one step ends. It bounds the record of the step when many trainers die
 * at once; the next tick ends the others.
 */
const EXPIRIES_MAX = 200;

/**
 * Ends the leases whose deadline has passed.
 *
 * @param deadlines - monotonic time in milliseconds at which each lease expires, by trial id
 */
export function expireLeases(study: Study, deadlines: Times, monotonicMs: number): readonly StudyEvent[] {
  const expired = [...deadlines].flatMap(([trialId, deadline]) => {
    const trial = deadline <= monotonicMs ? findTrial(study, trialId) : undefined;
    return trial !== undefined && isLeased(trial) ? [trial] : [];
  });
  return expired
    .sort((one, other) => one.number - other.number)
    .slice(0, EXPIRIES_MAX)
    .flatMap((trial) => loseAttempt(study, trial, `Trainer ${trial.lease?.trainerId} went silent.`));
}
