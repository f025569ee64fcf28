// Loaded into the coordinator's process before its own program: measures the delay of its event loop, and tells on request.

import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";
import type { LoopDelay } from "./loop-delay.js";

/** The timer that measures fires this often; what it is late by is the delay. */
const RESOLUTION_MS = 1;
const STALL_MS = 20;

// Threads of the process load this file too.
if (isMainThread && process.send !== undefined) serve();

function serve(): void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let collections: number[] = [];
  const collected = new PerformanceObserver((list) => {
    collections.push(...list.getEntries().map(({ duration }) => duration));
  });
  process.on("message", (message) => {
    if (message === "begin") {
      histogram.reset();
      histogram.enable();
      collections = [];
      collected.observe({ entryTypes: ["gc"] });
      return;
    }
    histogram.disable();
    const msOf = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const delay: LoopDelay = {
      maxMs: msOf(histogram.max),
      p99Ms: msOf(histogram.percentile(99)),
      p50Ms: msOf(histogram.percentile(50)),
      samples: histogram.count,
      stalls: Math.round(histogram.count * shareAbove(histogram, STALL_MS)),
      collectionMaxMs: Math.max(0, ...collections),
    };
    process.send?.(delay);
  });
  process.channel?.unref();
}

/** Share of samples above a delay, by the histogram's percentiles. */
function shareAbove(histogram: { readonly percentiles: Map<number, number> }, delayMs: number): number {
  const below = [...histogram.percentiles].filter(([, value]) => value / 1e6 - RESOLUTION_MS <= delayMs);
  return 1 - Math.max(0, ...below.map(([percentile]) => percentile)) / 100;
}
