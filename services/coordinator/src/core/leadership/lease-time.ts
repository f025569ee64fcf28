// The times of leases across a change of the leader. A lease's clock runs only while a coordinator
// leads. The leader's record lists the leases whose holders are late; the successor continues their
// clocks where the record left them.

import { isLeased, leasableTrials, type Study } from "../state/study.js";

/** The time that a lease has left. */
export interface LeaseTime {
  readonly studyId: string;
  readonly trialId: string;
  readonly token: number;
  readonly remainingMs: number;
  /** True if a successor has already added the grace, and the lease was not renewed since. */
  readonly isGraced: boolean;
}

/** The deadlines of a study's leases. Times are monotonic, in milliseconds. */
export interface LeaseClocks {
  readonly deadlines: ReadonlyMap<string, number>;
  /** Trials whose lease a former leader granted, and whose trainer has not renewed it since. */
  readonly inherited: ReadonlySet<string>;
}

/**
 * Share of the time to live that a lease has left at least if its trainer is on time: a trainer
 * sends three heartbeats within the time to live, and the leader writes its record every second.
 */
const PUNCTUAL_SHARE = 0.6;

/**
 * Share of the time to live that a successor adds once: the interval of heartbeats, in which every
 * live trainer finds the new leader.
 */
const GRACE_SHARE = 1 / 3;

/** Returns the time that each lease of a study has left. */
export function leaseTimes(study: Study, clocks: LeaseClocks, nowMs: number): readonly LeaseTime[] {
  return leasableTrials(study)
    .filter(isLeased)
    .flatMap(({ id: trialId, lease }) => {
      const deadline = clocks.deadlines.get(trialId);
      if (deadline === undefined || lease === undefined) return [];
      const remainingMs = Math.max(0, Math.round(deadline - nowMs));
      return [{ studyId: study.id, trialId, token: lease.token, remainingMs, isGraced: clocks.inherited.has(trialId) }];
    });
}

/** Tells whether a successor must not take a lease for one that was renewed in time. */
export function isLate({ remainingMs, isGraced }: LeaseTime, ttlMs: number): boolean {
  return isGraced || remainingMs < PUNCTUAL_SHARE * ttlMs;
}

/**
 * Returns the clocks of a study's leases for a new leader. A lease in the record has the time that
 * was left, and once the grace. Any other was renewed in time, and gets its full time to live.
 */
export function inheritedClocks(
  study: Study,
  times: readonly LeaseTime[],
  { nowMs, ttlMs }: { readonly nowMs: number; readonly ttlMs: number },
): LeaseClocks {
  const own = new Map(times.filter(({ studyId }) => studyId === study.id).map((time) => [time.trialId, time]));
  const leased = leasableTrials(study).filter(isLeased);
  const deadlines = leased.map(({ id, lease }): [string, number] => {
    const time = own.get(id);
    if (time === undefined || time.token !== lease?.token) return [id, nowMs + ttlMs];
    return [id, nowMs + time.remainingMs + (time.isGraced ? 0 : GRACE_SHARE * ttlMs)];
  });
  return { deadlines: new Map(deadlines), inherited: new Set(leased.map(({ id }) => id)) };
}
