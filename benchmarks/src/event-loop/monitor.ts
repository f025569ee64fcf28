// Loaded into the coordinator's process before its own program: measures what holds up its event loop, and tells on request.

import { readFileSync } from "node:fs";
import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";
import { type LoopDelay, type Spread, spreadOf } from "./loop-delay.js";

/** The timer that measures fires this often; what it is late by is the delay. */
const RESOLUTION_MS = 1;
const STALL_MS = 20;

// Threads of the process load this file too.
if (isMainThread && process.send !== undefined) serve();

function serve(): void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let collections: number[] = [];
  let turns: Turn[] = [];
  let timer: NodeJS.Timeout | undefined;
  const collected = new PerformanceObserver((list) => {
    collections.push(...list.getEntries().map(({ duration }) => duration));
  });
  collected.observe({ entryTypes: ["gc"] });
  process.on("message", (message) => {
    if (message === "begin") {
      histogram.reset();
      histogram.enable();
      [collections, turns] = [[], []];
      timer = measureTurns((turn) => turns.push(turn));
      return;
    }
    histogram.disable();
    clearInterval(timer);
    const delay: LoopDelay = {
      late: latenessOf(histogram),
      held: spreadOf(turns.map(({ clock, waited }) => Math.max(0, clock - waited - RESOLUTION_MS))),
      busy: spreadOf(turns.map(({ busy }) => busy)),
      collectionMaxMs: Math.max(0, ...collections),
    };
    process.send?.(delay);
  });
  process.channel?.unref();
}

function latenessOf(histogram: ReturnType<typeof monitorEventLoopDelay>): Spread {
  const msOf = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const below = [...histogram.percentiles].filter(([, value]) => msOf(value) <= STALL_MS);
  const shareBelow = Math.max(0, ...below.map(([percentile]) => percentile)) / 100;
  return {
    maxMs: msOf(histogram.max),
    p99Ms: msOf(histogram.percentile(99)),
    p50Ms: msOf(histogram.percentile(50)),
    count: histogram.count,
    stalls: Math.round(histogram.count * (1 - shareBelow)),
  };
}

/** What passed from one turn of a timer of a millisecond to the next, in milliseconds. */
interface Turn {
  readonly clock: number;
  /** The main thread had a core. */
  readonly busy: number;
  /** It could have gone on, and waited for a core. */
  readonly waited: number;
}

function measureTurns(tell: (turn: Turn) => void): NodeJS.Timeout {
  let last = now();
  const timer = setInterval(() => {
    const next = now();
    tell({ clock: next.clock - last.clock, busy: next.busy - last.busy, waited: next.waited - last.waited });
    last = next;
  }, RESOLUTION_MS);
  return timer.unref();
}

/** Since some start; of the main thread, whose id is the process's, by Linux. */
function now(): Turn {
  const [busy, waited] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ").map(Number);
  return { clock: performance.now(), busy: (busy as number) / 1e6, waited: (waited as number) / 1e6 };
}
