// Takes part in the election of the leader: claims the leadership when it is free, renews it while
// it holds, and begins and ends this coordinator's terms.

import { setMaxListeners } from "node:events";
import { type Clock, every, sleep, type Timers } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { OutageLog } from "@sintonia/runtime/outage";
import {
  type Candidate,
  hasLiveLeader,
  initialLeadership,
  isLeading,
  type LeaderRecord,
  type Leadership,
  leaderAddress,
  type Move,
  nextMove,
  observed,
  refused,
  unanswered,
  written,
  yielded,
} from "../../core/leadership/leadership.js";
import type { LeaseTime } from "../../core/leadership/lease-time.js";
import type { LeadershipStore } from "../../ports/leadership-store.js";
import { LedClock } from "./led-clock.js";

/** Interval of a leader's renewals. Three fit into the time to live. */
const RENEWAL_MS = 1_000;

/** Interval of a follower's looks at the record, and of repeated calls. */
const OBSERVATION_MS = 250;

const OUTAGE = { failing: "leadership cannot be confirmed, retrying", over: "leadership confirmed again" };

/** A term of this coordinator as the leader. */
export interface Term {
  /** Grows with every term of the installation. */
  readonly number: number;
  /** Times of the leases that the former leader left. */
  readonly leases: readonly LeaseTime[];
  /** Runs only while the leadership is valid. */
  readonly clock: Clock;
  /** Aborted at the end of the term. */
  readonly signal: AbortSignal;
  /** Returns the lease times for a successor; set by the term once it has read the logs. */
  leaseTimes: () => readonly LeaseTime[];
}

/** The dependencies of an election. */
export interface ElectionContext {
  readonly store: LeadershipStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Time for which a renewal is valid, in milliseconds. */
  readonly ttlMs: number;
  /** Ends the election when aborted. */
  readonly signal: AbortSignal;
  /** Called at the begin of each term of this coordinator. Must not throw. */
  readonly onTerm: (term: Term) => void;
  /** Called after each change, and regularly: the leadership may lapse without any other event. */
  readonly onChange: () => void;
}

interface OwnTerm extends Term {
  readonly clock: LedClock;
  readonly ends: AbortController;
}

/** The part of one coordinator in the election. */
export class Election {
  readonly #context: ElectionContext;
  readonly #self: Candidate;
  readonly #outage: OutageLog;
  #state: Leadership = initialLeadership();
  #term: OwnTerm | undefined;
  #isStoreAway = false;
  /** Address of the leader that was logged last. */
  #logged: string | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(context: ElectionContext, self: Candidate) {
    this.#context = context;
    this.#self = self;
    this.#outage = new OutageLog(context.logger, context.clock, OUTAGE);
  }

  /** True while this coordinator may act and answer. Read it before every answer. */
  get isLeading(): boolean {
    return isLeading(this.#state, this.#context.clock.monotonicMs(), this.#context.ttlMs);
  }

  /** True if the store did not answer the last request. */
  get isStoreAway(): boolean {
    return this.#isStoreAway;
  }

  /** Address of another coordinator that leads; undefined if none is known. */
  get leader(): string | undefined {
    return leaderAddress(this.#state, this.#self);
  }

  /** True while another coordinator leads and renews its record. */
  get hasLiveLeader(): boolean {
    return hasLiveLeader(this.#state, this.#self);
  }

  /** Takes part until the signal is aborted. The last record of a leader is then a released one. */
  async run(): Promise<void> {
    const { signal, timers, onChange } = this.#context;
    const endWatch = every(OBSERVATION_MS, timers, onChange);
    while (!signal.aborted) {
      await this.#serially(() => this.#step());
      await sleep(this.#pauseMs(), timers, signal);
    }
    endWatch();
  }

  /** Asks the store whether this coordinator still leads. */
  async confirm(): Promise<boolean> {
    await this.#serially(() => this.#step());
    return this.isLeading;
  }

  /** Ends the term and lets another coordinator lead at once. Ignores an unreachable store. */
  async release(holdMs = Number.POSITIVE_INFINITY): Promise<void> {
    await this.#serially(async () => {
      const { leases, state } = { leases: this.#leaseTimes(), state: this.#state };
      this.#endTerm();
      this.#state = yielded(state, this.#context.clock.monotonicMs() + holdMs);
      if (state.mode !== "leading") return;
      const record = { ...this.#self, term: state.term, isReleased: true, leases };
      // Ignored: the others wait for the time to live instead.
      await this.#context.store.write(record, state.revision).catch(() => undefined);
    });
  }

  /** Runs requests to the store one after another. */
  #serially(task: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(task);
    return this.#tail;
  }

  /** Returns the time until the next request. A free leadership is claimed at once. */
  #pauseMs(): number {
    const state = this.#state;
    if (state.mode === "following") return this.#nextMove().type === "claim" ? 0 : OBSERVATION_MS;
    if (state.isDoubtful) return OBSERVATION_MS;
    return Math.max(0, state.renewedMs + RENEWAL_MS - this.#context.clock.monotonicMs());
  }

  #nextMove(): Move {
    const { clock, ttlMs } = this.#context;
    const wallSeconds = Math.floor(clock.wallTime().getTime() / 1_000);
    return nextMove(this.#state, this.#self, { nowMs: clock.monotonicMs(), ttlMs, wallSeconds });
  }

  async #step(): Promise<void> {
    const { clock, logger } = this.#context;
    const sentMs = clock.monotonicMs();
    try {
      this.#enter(await this.#carriedOut(this.#nextMove(), sentMs));
      this.#outage.succeed();
      this.#isStoreAway = false;
    } catch (error) {
      this.#outage.fail({ reason: messageOf(error) });
      this.#isStoreAway = true;
      this.#enter(unanswered(this.#state, clock.monotonicMs()));
    }
    if (this.#state.mode === "following") this.#logLeader(logger);
  }

  async #carriedOut(move: Move, sentMs: number): Promise<Leadership> {
    const { store, clock } = this.#context;
    if (move.type === "observe") {
      const stored = await store.read();
      return observed(this.#state, stored, { self: this.#self, nowMs: clock.monotonicMs() });
    }
    const { term, after } = move;
    const result = await store.write(this.#record(term), after);
    if (result.kind === "conflict") return refused(this.#state, clock.monotonicMs());
    return written(this.#state, { term, revision: result.revision, sentMs });
  }

  #record(term: number): LeaderRecord {
    return { ...this.#self, term, isReleased: false, leases: this.#leaseTimes() };
  }

  /** Returns the lease times of this term, or those of the record that a claim replaces. */
  #leaseTimes(): readonly LeaseTime[] {
    if (this.#term !== undefined) return this.#term.leaseTimes();
    const { mode } = this.#state;
    return mode === "following" && typeof this.#state.seen === "object" ? this.#state.seen.record.leases : [];
  }

  #enter(next: Leadership): void {
    const before = this.#state;
    const leases = this.#leaseTimes();
    this.#state = next;
    if (next.mode === "following") {
      if (before.mode === "leading") this.#lose(next);
      return;
    }
    const validUntilMs = next.renewedMs + this.#context.ttlMs;
    if (before.mode === "leading") this.#term?.clock.extend(validUntilMs);
    else this.#beginTerm(next.term, leases, validUntilMs);
    this.#context.onChange();
  }

  #beginTerm(number: number, leases: readonly LeaseTime[], validUntilMs: number): void {
    const ends = new AbortController();
    const clock = new LedClock(this.#context.clock, validUntilMs);
    const { signal } = ends;
    // Every wait of every study listens, so that their number is no sign of a leak.
    setMaxListeners(0, signal);
    this.#endWithElection(ends);
    this.#term = { number, leases, clock, ends, signal, leaseTimes: () => leases };
    this.#logged = undefined;
    this.#context.logger.info({ term: number }, "coordinator leads");
    this.#context.onTerm(this.#term);
  }

  /**
   * Ends a term with the election. Node keeps a signal of AbortSignal.any, and all that listens to
   * it, for ever unless one of its sources is aborted.
   */
  #endWithElection(ends: AbortController): void {
    const { signal } = this.#context;
    const end = (): void => ends.abort(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    ends.signal.addEventListener("abort", () => signal.removeEventListener("abort", end), { once: true });
  }

  #lose(next: Leadership): void {
    const facts = { term: this.#term?.number, leader: leaderAddress(next, this.#self) };
    this.#context.logger.warn(facts, "another coordinator leads, this one steps down");
    this.#endTerm();
  }

  #endTerm(): void {
    this.#term?.ends.abort(new Error("this coordinator no longer leads"));
    this.#term = undefined;
    this.#context.onChange();
  }

  #logLeader(logger: Logger): void {
    const { leader } = this;
    if (leader === undefined || leader === this.#logged) return;
    this.#logged = leader;
    logger.info({ leader }, "coordinator follows");
  }
}
