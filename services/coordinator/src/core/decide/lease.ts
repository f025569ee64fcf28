// The life of a lease: a trainer acquires the lease, heartbeats renew it, and it expires when no
// renewal comes in time.

import type { LeaseRefusal } from "@sintonia/protocol/lease";
import type { AcquireLease, Heartbeat } from "../boundary/input.js";
import { findTrial, isLeased, isOutstanding, type Study, type Trial } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";
import { retryOrFail } from "./trial-end.js";

/**
 * Grants the attempt to the first trainer that asks, under a larger token than every earlier lease
 * of the study.
 */
export function acquireLease(study: Study, input: AcquireLease): Decision {
  const trial = findTrial(study, input.trialId);
  if (trial === undefined) return refuse("unknown-trial");
  if (!isOutstanding(trial)) return refuse("trial-settled");
  if (study.status !== "active") return refuse("study-over");
  if (trial.attempt !== input.attempt) return refuse("stale-attempt");
  if (trial.state !== "queued") return repeatGrant(trial, input);
  const token = study.lastToken + 1;
  const { trialId, attempt, trainerId } = input;
  return {
    events: [{ type: "lease-granted", trialId, attempt, token, trainerId }],
    answer: { kind: "granted", lease: { token, trainerId } },
  };
}

/**
 * Grants the same lease again if its holder asks again before the first epoch: the first answer
 * was lost.
 */
function repeatGrant(trial: Trial, input: AcquireLease): Decision {
  const { lease } = trial;
  if (trial.state !== "leased" || lease?.trainerId !== input.trainerId) return refuse("already-leased");
  return { ...answerOnly({ kind: "granted", lease }), renew: trial.id };
}

function refuse(reason: LeaseRefusal): Decision {
  return answerOnly({ kind: "refused", reason });
}

/** Renews a valid lease. A renewal is no event: deadlines are transient. */
export function heartbeat(study: Study, input: Heartbeat): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  if (check.kind === "settled") return answerOnly({ kind: "stop" });
  return { ...answerOnly({ kind: "continue" }), renew: check.trial.id };
}

/**
 * Ends every lease whose deadline has passed.
 *
 * @param deadlines - monotonic time in milliseconds at which each lease expires, by trial id
 */
export function expireLeases(study: Study, deadlines: ReadonlyMap<string, number>, monotonicMs: number): Decision {
  const expired = study.trials.filter((trial) => {
    const deadline = deadlines.get(trial.id);
    return isLeased(trial) && deadline !== undefined && deadline <= monotonicMs;
  });
  const events = expired.map((trial) => retryOrFail(study, trial, `trainer ${trial.lease?.trainerId} went silent.`));
  return { events, answer: { kind: "done" } };
}
