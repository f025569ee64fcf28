// A leased trial has a live lease, or loses it within the time to live and a tick. The time counts
// while one coordinator serves. No coordinator ends a lease early, nor renews one by a change of
// the leader.

import assert from "node:assert/strict";
import { type LeaseTime, PUNCTUAL_SHARE } from "@sintonia/coordinator/core/leadership/lease-time";
import { isLeased, leasableTrials, type Study } from "@sintonia/coordinator/core/state/study";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { World } from "../world/world.js";

/** A lease, whatever its attempt. */
type Lease = Pick<LeaseKey, "studyId" | "token">;

/** Limits of the life of a lease, in milliseconds. */
interface Limits {
  readonly ttlMs: number;
  /** A tick, and the time until its record is stored. */
  readonly endingMs: number;
}

/** The last renewal of a lease. */
interface Renewal {
  readonly atMs: number;
  /** Term that renewed the lease. */
  readonly term: string;
  /** Working time and number of terms at the renewal. */
  readonly workingMs: number;
  readonly terms: number;
}

/** Largest age of the leader's record at a change of the leader, which prolongs a lease by it. */
const RECORD_MS = 3_000;

const SECOND_MS = 1_000;

export class Reaping {
  readonly #world: World;
  readonly #limits: Limits;
  readonly #renewals = new Map<string, Renewal[]>();
  /** Start of each term, and the lease times that it was given. */
  readonly #terms = new Map<string, { readonly startMs: number; readonly leases: readonly LeaseTime[] }>();
  /** Seconds in which one term served and no fault of the store was near. */
  #workingMs = 0;
  #serving: string | undefined;
  #disturbedUntilMs = 0;

  constructor(world: World, limits: Limits) {
    this.#world = world;
    this.#limits = limits;
  }

  /** Notes that a term has renewed a lease. @param atMs - not later than the renewal */
  noteRenewal(term: string, { studyId, token }: Lease, atMs: number): void {
    const lease = `${studyId}/${token}`;
    const renewal = { atMs, term, workingMs: this.#workingMs, terms: this.#terms.size };
    this.#renewals.set(lease, [...(this.#renewals.get(lease) ?? []), renewal]);
  }

  /** Notes the start of a term. @param leases - the lease times of the former leader's record */
  noteTerm(term: string, leases: readonly LeaseTime[]): void {
    this.#terms.set(term, { startMs: this.#world.nowMs, leases });
  }

  /** Notes a fault of the store, which delays the end of leases. */
  noteDisturbance(untilMs = this.#world.nowMs): void {
    this.#disturbedUntilMs = Math.max(this.#disturbedUntilMs, untilMs);
  }

  /** Notes the term that serves at this second; undefined if none does. */
  noteSecond(term: string | undefined): void {
    const isWorking = term !== undefined && term === this.#serving && this.#disturbedUntilMs < this.#world.nowMs;
    if (isWorking) this.#workingMs += SECOND_MS;
    this.#serving = term;
  }

  /** Checks that no lease is dead for too long. */
  check(studies: readonly Study[]): void {
    for (const study of studies) {
      const { id: studyId } = study;
      for (const { id, lease } of leasableTrials(study).filter(isLeased)) {
        const renewal = this.#renewals.get(`${studyId}/${lease?.token}`)?.at(-1);
        if (renewal === undefined) continue;
        const silentMs = this.#workingMs - renewal.workingMs;
        const isDead = silentMs > this.#limitMs(renewal);
        assert.ok(!isDead, `trial ${id} of ${studyId} keeps a lease that is dead for ${silentMs} ms`);
      }
    }
  }

  #limitMs({ terms }: Renewal): number {
    const { ttlMs, endingMs } = this.#limits;
    return ttlMs + (this.#terms.size - terms) * RECORD_MS + endingMs + SECOND_MS;
  }

  /**
   * Checks that a term ends no lease for silence too early: not before the time to live since its
   * renewal, or for an inherited lease, not before the time that it had left when the term began.
   * Nor has the term renewed it after the decision.
   */
  checkExpiry(term: string, lease: Lease, decidedMs: number): void {
    const { ttlMs } = this.#limits;
    const { studyId, token } = lease;
    const renewals = this.#renewals.get(`${studyId}/${token}`) ?? [];
    const ofTerm = renewals.filter((renewal) => renewal.term === term);
    const own = ofTerm.filter(({ atMs }) => atMs < decidedMs);
    const what = `lease ${token} of ${studyId} ends`;
    assert.ok(!ofTerm.some(({ atMs }) => atMs > decidedMs), `${what}, which was decided before its renewal`);
    if (own.length > 0) {
      const silentMs = decidedMs - Math.max(...own.map(({ atMs }) => atMs));
      assert.ok(silentMs >= ttlMs, `${what} ${silentMs} ms after its renewal`);
    } else {
      const { startMs = 0, leases = [] } = this.#terms.get(term) ?? {};
      const listed = leases.find((time) => time.studyId === studyId && time.token === token);
      const leftMs = listed?.remainingMs ?? PUNCTUAL_SHARE * ttlMs;
      assert.ok(decidedMs - startMs >= leftMs, `${what} ${decidedMs - startMs} ms after a change of the leader`);
    }
  }
}
