import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { every, sleep, type Timers } from "./clock.js";

/** Timers whose time passes by hand. */
class ManualTimers implements Timers {
  #nowMs = 0;
  readonly #tasks = new Map<() => void, number>();

  monotonicMs = (): number => this.#nowMs;
  random = (): number => 0;
  after = (delayMs: number, task: () => void): (() => void) => {
    const run = () => task();
    this.#tasks.set(run, this.#nowMs + delayMs);
    return () => void this.#tasks.delete(run);
  };

  get waiting(): number {
    return this.#tasks.size;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const [task, atMs] of [...this.#tasks]) {
      if (atMs <= this.#nowMs && this.#tasks.delete(task)) task();
    }
  }
}

describe("sleep", () => {
  it("ends after its time, or with the signal, and leaves no timer", async () => {
    const timers = new ManualTimers();
    const slept = sleep(100, timers);
    timers.pass(100);
    await slept;
    const ends = new AbortController();
    const aborted = sleep(100, timers, ends.signal);
    ends.abort();
    await aborted;
    await sleep(100, timers, ends.signal);
    assert.equal(timers.waiting, 0);
  });
});

describe("every", () => {
  it("runs a task after each interval until it ends", () => {
    const timers = new ManualTimers();
    let runs = 0;
    const end = every(10, timers, () => runs++);
    for (let ms = 0; ms < 35; ms += 5) timers.pass(5);
    assert.equal(runs, 3);
    end();
    timers.pass(10);
    assert.equal(runs, 3);
    assert.equal(timers.waiting, 0);
  });

  it("ends from within the task", () => {
    const timers = new ManualTimers();
    let runs = 0;
    const end = every(10, timers, () => {
      runs += 1;
      end();
    });
    timers.pass(10);
    timers.pass(10);
    assert.equal(runs, 1);
  });
});
