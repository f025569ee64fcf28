// Loaded into the coordinator's process before its program. Measures the delays of its event loop
// and reports them on request.

import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";
import { type LoopDelay, type Spread, spreadOf } from "./loop-delay.js";
import { Turns } from "./turns.js";

/** Interval of the measuring timer, in milliseconds. Its lateness is the delay. */
const RESOLUTION_MS = 1;
const STALL_MS = 20;

// Worker threads of the process load this file too.
if (isMainThread && process.send !== undefined) serve();

function serve(): void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let collections: number[] = [];
  const turns = new Turns();
  let timer: NodeJS.Timeout | undefined;
  const collected = new PerformanceObserver((list) => {
    collections.push(...list.getEntries().map(({ duration }) => duration));
  });
  collected.observe({ entryTypes: ["gc"] });
  process.on("message", (message) => {
    if (message === "begin") {
      histogram.reset();
      histogram.enable();
      collections = [];
      turns.begin();
      timer = setInterval(() => turns.note(), RESOLUTION_MS).unref();
      return;
    }
    histogram.disable();
    clearInterval(timer);
    const delay: LoopDelay = {
      late: latenessOf(histogram),
      held: spreadOf(turns.held(RESOLUTION_MS)),
      busy: spreadOf(turns.busy()),
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
