import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Clock, Timers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { MemoryLeadershipStore } from "../../adapters/memory/leadership-store.js";
import type { LeadershipStore } from "../../ports/leadership-store.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import { Election, type Term } from "./election.js";

const TTL_MS = 3_000;

/** A machine whose time the test lets pass. A frozen one misses its timers until it wakes. */
class Machine implements Clock, Timers {
  isFrozen = false;
  readonly #time: { nowMs: number };
  #tasks: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor(time: { nowMs: number }) {
    this.#time = time;
  }

  monotonicMs(): number {
    return this.#time.nowMs;
  }

  wallTime(): Date {
    return new Date(0);
  }

  random(): number {
    return 0;
  }

  after(delayMs: number, run: () => void): () => void {
    const task = { atMs: this.#time.nowMs + delayMs, run };
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
    };
  }

  runDue(): void {
    if (this.isFrozen) return;
    const due = this.#tasks.filter(({ atMs }) => atMs <= this.#time.nowMs);
    this.#tasks = this.#tasks.filter((task) => !due.includes(task));
    for (const { run } of due) run();
  }
}

/** A store that can be away, and can lose its record, like NATS. */
class Store implements LeadershipStore {
  isAway = false;
  #memory = new MemoryLeadershipStore();

  read() {
    return this.#answer((memory) => memory.read());
  }

  write(...args: Parameters<LeadershipStore["write"]>) {
    return this.#answer((memory) => memory.write(...args));
  }

  lose(): void {
    this.#memory = new MemoryLeadershipStore();
  }

  #answer<T>(ask: (memory: MemoryLeadershipStore) => Promise<T>): Promise<T> {
    return this.isAway ? Promise.reject(new StoreUnavailableError("away")) : ask(this.#memory);
  }
}

/** A coordinator of the test, with its terms. */
class Member {
  readonly machine: Machine;
  readonly terms: Term[] = [];
  readonly election: Election;
  readonly lines: string[] = [];

  constructor(name: string, { store, time, signal }: { store: Store; time: { nowMs: number }; signal: AbortSignal }) {
    this.machine = new Machine(time);
    const destination = { write: (line: string) => void this.lines.push(JSON.parse(line).message) };
    const { machine: clock, terms } = this;
    const logger = createLogger({ service: "coordinator", instance: name, level: "info", destination });
    const callbacks = { onTerm: (term: Term) => void terms.push(term), onChange: () => undefined };
    const context = { store, clock, timers: clock, logger, ttlMs: TTL_MS, signal, ...callbacks };
    this.election = new Election(context, { instance: name, identity: "", address: `${name}:1` });
    void this.election.run();
  }

  get isLeading(): boolean {
    return this.election.isLeading;
  }
}

describe("the election among coordinators", () => {
  let time: { nowMs: number };
  let store: Store;
  let ends: AbortController;
  let members: Member[];
  let a: Member;
  let b: Member;

  function start(name: string): Member {
    const member = new Member(name, { store, time, signal: ends.signal });
    members.push(member);
    return member;
  }

  /** Lets time pass, and checks at every step that at most one coordinator may act. */
  async function pass(ms: number): Promise<void> {
    for (const end = time.nowMs + ms; time.nowMs < end; time.nowMs += 50) {
      for (const { machine } of members) machine.runDue();
      for (let turn = 0; turn < 3; turn++) await setImmediate();
      assert.ok(members.filter(({ isLeading }) => isLeading).length <= 1, "at most one leads");
    }
  }

  beforeEach(async () => {
    time = { nowMs: 0 };
    store = new Store();
    ends = new AbortController();
    members = [];
    a = start("a");
    await pass(100);
    b = start("b");
    await pass(2_000);
  });
  afterEach(async () => {
    ends.abort();
    await pass(100);
  });

  it("makes the first one the leader at once, and tells the other its address", () => {
    assert.deepEqual([a.isLeading, b.isLeading], [true, false]);
    assert.equal(b.election.leader, "a:1");
    assert.deepEqual(a.lines, ["coordinator leads"]);
    assert.deepEqual(b.lines, ["coordinator follows"]);
  });

  it("takes the waits of many studies for no leak", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    for (let wait = 0; wait < 100; wait++) a.terms[0]?.signal.addEventListener("abort", () => undefined);
    await setImmediate();
    process.off("warning", note);
    assert.deepEqual(warnings, []);
  });

  it("ends its term with the election, for the same reason", () => {
    const reason = new Error("the process was asked to stop");
    ends.abort(reason);
    assert.equal(a.terms[0]?.signal.reason, reason);
  });

  it("passes on within a second more than the time to live from a leader that was killed", async () => {
    a.machine.isFrozen = true;
    await pass(TTL_MS + 500);
    assert.ok(b.isLeading);
    assert.ok((b.terms[0]?.number ?? 0) > (a.terms[0]?.number ?? 0));
  });

  it("lets a leader that was frozen act no more when it wakes, and makes it a follower", async () => {
    a.machine.isFrozen = true;
    await pass(10_000);
    assert.ok(!a.isLeading, "it is not leading even before its timers run");
    a.machine.isFrozen = false;
    await pass(1_000);
    assert.ok(a.terms[0]?.signal.aborted);
    assert.deepEqual(a.lines.slice(1), ["another coordinator leads, this one steps down", "coordinator follows"]);
    b.machine.isFrozen = true;
    await pass(TTL_MS + 500);
    assert.ok(a.isLeading);
    assert.equal(a.terms.length, 2);
  });

  it("passes on at once from a leader that ends in order, with its lease times", async () => {
    const leases = [{ studyId: "s", trialId: "0", token: 1, remainingMs: 5 }];
    (a.terms[0] as Term).leaseTimes = () => leases;
    await a.election.release();
    await pass(300);
    assert.ok(b.isLeading);
    assert.deepEqual(b.terms[0]?.leases, leases);
  });

  it("keeps the leader through an outage of the store, whose clock stands still meanwhile", async () => {
    const clock = (a.terms[0] as Term).clock;
    const before = clock.monotonicMs();
    store.isAway = true;
    await pass(60_000);
    assert.ok(!a.isLeading);
    assert.ok(clock.monotonicMs() - before <= TTL_MS);
    store.isAway = false;
    await pass(1_000);
    assert.ok(a.isLeading);
    assert.deepEqual([a.terms.length, b.terms.length], [1, 0]);
    const resumed = clock.monotonicMs();
    await pass(2_000);
    assert.equal(clock.monotonicMs() - resumed, 2_000);
  });

  it("has one leader at a time after the store has lost the record, in a greater term", async () => {
    store.lose();
    await pass(TTL_MS + 2_000);
    assert.ok(a.isLeading || b.isLeading);
    const [former, ...later] = [...a.terms, ...b.terms].map(({ number }) => number).sort();
    assert.equal(later.length, 1);
    assert.ok((later[0] as number) > (former as number));
  });

  it("passes on the lease times of a leader whose successor ended before it had read the logs", async () => {
    const leases = [{ studyId: "s", trialId: "0", token: 1, remainingMs: 5 }];
    (a.terms[0] as Term).leaseTimes = () => leases;
    await pass(1_500);
    a.machine.isFrozen = true;
    await pass(TTL_MS + 1_500);
    assert.ok(b.isLeading);
    b.machine.isFrozen = true;
    const c = start("c");
    await pass(TTL_MS + 500);
    assert.deepEqual(c.terms[0]?.leases, leases);
  });
});
