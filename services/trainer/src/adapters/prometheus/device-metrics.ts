// The slots of a trainer and the needs of its trials at the time of each scrape.

import { Counter, Gauge, type Registry } from "prom-client";
import { type Device, openSlots, unmeasured } from "../../core/device/device.js";
import { largestNeedBytes } from "../../core/device/pool.js";

/**
 * Adds the metrics of a device.
 *
 * @param read - returns the present state; called several times a scrape
 */
export function addDeviceMetrics(registry: Registry, read: () => Device): void {
  const registers = [registry];
  new Gauge({
    name: "sintonia_trainer_slots",
    help: "Open slots: places for one trial each.",
    registers,
    collect() {
      this.set(openSlots(read()).length);
    },
  });
  new Gauge({
    name: "sintonia_trainer_slots_limit",
    help: "Most slots that may be open now: lower than the setting after memory ran out.",
    registers,
    collect() {
      this.set(read().limit.now);
    },
  });
  new Gauge({
    name: "sintonia_trainer_trial_need_bytes",
    help: "Largest known need of a trial, by memory: gpu or machine. 0 until one is known.",
    labelNames: ["memory"],
    registers,
    collect() {
      const device = read();
      const measuring = unmeasured(device);
      for (const pool of device.pools) this.set({ memory: pool.name }, largestNeedBytes(pool, measuring));
    },
  });
  new Counter({
    name: "sintonia_trainer_sharing_failures_total",
    help: "Slots that closed because memory ran out or an engine could not start beside others.",
    registers,
    collect() {
      this.reset();
      this.inc(read().failureCount);
    },
  });
}
