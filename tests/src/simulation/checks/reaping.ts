// A leased trial has a live lease, or loses it within the time to live and a tick. No coordinator
// ends a lease that it has renewed within the time to live.

import assert from "node:assert/strict";
import { isLeased, type Study } from "@sintonia/coordinator/core/state/study";
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

export class Reaping {
  readonly #world: World;
  readonly #limits: Limits;
  /** Time of the last renewal of each lease, by any coordinator. */
  readonly #renewedMs = new Map<string, number>();
  /** Times of the renewals of each lease by each coordinator. */
  readonly #renewals = new Map<string, number[]>();
  readonly #startedMs = new Map<string, number>();
  /** Time from which on the coordinator and the store have worked without a fault. */
  #undisturbedMs = 0;

  constructor(world: World, limits: Limits) {
    this.#world = world;
    this.#limits = limits;
  }

  /** Notes that a coordinator has renewed a lease. @param atMs - not later than the renewal */
  noteRenewal(coordinator: string, { studyId, token }: Lease, atMs: number): void {
    const lease = `${studyId}/${token}`;
    this.#renewedMs.set(lease, this.#world.nowMs);
    const own = `${coordinator} ${lease}`;
    this.#renewals.set(own, [...(this.#renewals.get(own) ?? []), atMs]);
  }

  /** Notes the start of a coordinator, which gives every lease a full time to live. */
  noteStart(coordinator: string): void {
    this.#startedMs.set(coordinator, this.#world.nowMs);
  }

  /** Notes a fault of the coordinators or of the store, which delays the end of leases. */
  noteDisturbance(untilMs = this.#world.nowMs): void {
    this.#undisturbedMs = Math.max(this.#undisturbedMs, untilMs);
  }

  /** Checks that no lease is dead for too long. */
  check(studies: readonly Study[]): void {
    const { ttlMs, endingMs } = this.#limits;
    for (const { id: studyId, trials } of studies) {
      for (const { id, lease } of trials.filter(isLeased)) {
        const renewedMs = this.#renewedMs.get(`${studyId}/${lease?.token}`) ?? 0;
        const silentMs = this.#world.nowMs - Math.max(renewedMs, this.#undisturbedMs);
        const isDead = silentMs > ttlMs + endingMs;
        assert.ok(!isDead, `trial ${id} of ${studyId} keeps a lease that is dead for ${silentMs} ms`);
      }
    }
  }

  /** Checks that a coordinator had not renewed a lease that it ended for silence. */
  checkExpiry(coordinator: string, { studyId, token }: Lease, decidedMs: number): void {
    const before = this.#renewals.get(`${coordinator} ${studyId}/${token}`)?.filter((atMs) => atMs < decidedMs) ?? [];
    const silentMs = decidedMs - Math.max(...before, this.#startedMs.get(coordinator) ?? 0);
    assert.ok(silentMs >= this.#limits.ttlMs, `lease ${token} of ${studyId} ends ${silentMs} ms after its renewal`);
  }
}
