import assert from "node:assert/strict";
import { test } from "node:test";
import type { Timers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import type { Tick } from "../../core/boundary/input.js";
import type { Cordons } from "../../core/cordon/cordons.js";
import type { StudyRunner } from "../study/study-runner.js";
import { Ticks } from "./ticks.js";

/** Timers whose tasks run when the test takes a turn. */
class Turns implements Timers {
  readonly #tasks: (() => void)[] = [];
  readonly monotonicMs = (): number => 0;
  readonly random = (): number => 0;

  after(_delayMs: number, task: () => void): () => void {
    this.#tasks.push(task);
    return () => undefined;
  }

  /** Runs a turn of the event loop. */
  async take(): Promise<void> {
    for (const task of this.#tasks.splice(0)) task();
    await settled();
  }
}

/** Waits until all promises that need no timer are settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Ticks of studies that note them. A stalled study answers none. */
function ticksOf(studies: number, { stalled = -1, cordons = [] as Cordons } = {}) {
  const received: Tick[][] = Array.from({ length: studies }, () => []);
  const runners = received.map((ticks, number) => ({
    study: { id: `study-${number}`, status: "active", spec: {} },
    leaseHolders: number === 0 ? ["t-0", "gone"] : [],
    tick: async (tick: Tick): Promise<void> => {
      ticks.push(tick);
      if (number === stalled) await new Promise(() => undefined);
    },
  })) as unknown as readonly StudyRunner[];
  const turns = new Turns();
  const context = {
    clock: { monotonicMs: () => 0, wallTime: () => new Date(0) },
    timers: turns,
    logger: createLogger({ service: "coordinator", instance: "test", level: "silent" }),
    signal: new AbortController().signal,
    tickMs: 500,
    trainerSilenceMs: 15_000,
    cordons: { cordons },
    stateFault: () => undefined,
  };
  const reads = { count: 0 };
  const present = (): readonly StudyRunner[] => {
    reads.count += 1;
    return runners;
  };
  const count = (): number => received.filter((ticks) => ticks.length > 0).length;
  return { ticks: new Ticks(context, present, () => undefined), turns, received, reads, count };
}

test("a turn of the event loop sends ticks to at most 100 studies", async () => {
  const { ticks, turns, count } = ticksOf(250);
  const noted = ticks.noteTrainer("t-1");
  await settled();
  const counts = [count()];
  for (let turn = 0; turn < 2; turn += 1) {
    await turns.take();
    counts.push(count());
  }
  assert.deepEqual(counts, [100, 200, 250]);
  await noted;
});

test("a thousand trainers that appear at once cost two rounds of ticks", async () => {
  const { ticks, turns, received, reads } = ticksOf(150);
  const noted = [ticks.noteTrainer("t-0")];
  await settled();
  for (let trainer = 1; trainer < 1_000; trainer += 1) noted.push(ticks.noteTrainer(`t-${trainer}`));
  for (let turn = 0; turn < 4; turn += 1) await turns.take();
  await Promise.all(noted);
  assert.deepEqual(
    received.map((sent) => sent.map(({ trainerIds }) => trainerIds.length)),
    received.map(() => [1, 1_000]),
  );
  assert.deepEqual(received[1]?.at(-1)?.busyTrainerIds, ["t-0"], "of the live trainers, those with a lease");
  // A round reads the studies twice: for the share of each, and for those that are not over.
  assert.equal(reads.count, 4);
});

test("a study whose log stalls delays the ticks of no other study", async () => {
  const { ticks, received } = ticksOf(3, { stalled: 1 });
  for (const trainer of ["t-1", "t-2"]) {
    void ticks.noteTrainer(trainer);
    await settled();
  }
  assert.deepEqual(
    received.map(({ length }) => length),
    [2, 1, 2],
  );
});
