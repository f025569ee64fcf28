// The times of leases across a change of the leader. A lease's clock runs only while a coordinator
// leads. The leader's record lists the leases whose holders are late; the successor continues their
// clocks where the record left them. A change of the leader thus prolongs a lease by the age of the
// record at most, which the leader writes every second.

import { Times } from "../collection/times.js";
import { isLeased, leasableTrials, type Study } from "../state/study.js";

/** The time that a lease has left. */
export interface LeaseTime {
  readonly studyId: string;
  readonly trialId: string;
  readonly token: number;
  readonly remainingMs: number;
}

/**
 * Share of the time to live that a lease has left at least if its trainer is on time: a trainer
 * sends three heartbeats within the time to live, and the leader writes its record every second.
 * The share is enough to find the next leader: a trainer that loses its coordinator repeats the
 * heartbeat every second, and gives up one that does not answer after 5 s.
 */
export const PUNCTUAL_SHARE = 0.6;

/** Returns the time that each lease of a study has left. @param deadlines - by trial id */
export function leaseTimes(study: Study, deadlines: Times, nowMs: number): readonly LeaseTime[] {
  return leasableTrials(study)
    .filter(isLeased)
    .flatMap(({ id: trialId, lease }) => {
      const deadline = deadlines.get(trialId);
      if (deadline === undefined || lease === undefined) return [];
      const remainingMs = Math.max(0, Math.round(deadline - nowMs));
      return [{ studyId: study.id, trialId, token: lease.token, remainingMs }];
    });
}

/** Tells whether a successor must not take a lease for one that was renewed in time. */
export function isLate({ remainingMs }: LeaseTime, ttlMs: number): boolean {
  return remainingMs < PUNCTUAL_SHARE * ttlMs;
}

/**
 * Returns the deadlines of a study's leases for a new leader, by trial id. A lease in the record
 * has the time that was left. Any other was renewed in time, and has the share that this proves.
 */
export function inheritedDeadlines(
  study: Study,
  times: readonly LeaseTime[],
  { nowMs, ttlMs }: { readonly nowMs: number; readonly ttlMs: number },
): Times {
  const own = new Map(times.filter(({ studyId }) => studyId === study.id).map((time) => [time.trialId, time]));
  const deadlines = leasableTrials(study)
    .filter(isLeased)
    .map(({ id, lease }): [string, number] => {
      const time = own.get(id);
      const isListed = time !== undefined && time.token === lease?.token;
      return [id, nowMs + (isListed ? time.remainingMs : PUNCTUAL_SHARE * ttlMs)];
    });
  return Times.of(deadlines);
}
