import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Fault, faultsOf, type StormSettings } from "./schedule.js";

const SETTINGS: StormSettings = {
  seed: 1,
  lengthMs: 1_200_000,
  counts: { trainer: 6, coordinator: 2, nats: 3, state: 1 },
  leaseTtlMs: 15_000,
  limited: ["nats", "state"],
};

const endOf = ({ atMs, lengthMs }: Fault): number => atMs + lengthMs;

describe("the faults of a storm", () => {
  it("are the same for the same seed, and others for another seed", () => {
    assert.deepEqual(faultsOf(SETTINGS), faultsOf(SETTINGS));
    assert.notDeepEqual(faultsOf(SETTINGS), faultsOf({ ...SETTINGS, seed: 2 }));
  });

  it("hit every process in every way", () => {
    const hit = new Set(faultsOf(SETTINGS).map(({ kind, role, index }) => `${kind} ${role} ${index}`));
    const { trainer, coordinator, nats } = SETTINGS.counts;
    assert.equal(hit.size, 4 * (trainer + coordinator) + 3 * nats + 3);
  });

  it("fill only what is limited", () => {
    const filled = faultsOf({ ...SETTINGS, limited: ["state"] }).filter(({ kind }) => kind === "fill");
    assert.ok(filled.length > 0 && filled.every(({ role }) => role === "state"));
  });

  it("begin in order within the storm", () => {
    const begins = faultsOf(SETTINGS).map(({ atMs }) => atMs);
    assert.deepEqual(
      begins,
      begins.toSorted((a, b) => a - b),
    );
    assert.ok(begins.every((atMs) => atMs > 0 && atMs < SETTINGS.lengthMs));
  });

  it("never overlap at one process, or at two NATS servers", () => {
    const last = new Map<string, Fault>();
    for (const fault of faultsOf(SETTINGS)) {
      const key = fault.role === "nats" ? fault.role : `${fault.role} ${fault.index}`;
      const before = last.get(key);
      assert.ok(before === undefined || endOf(before) < fault.atMs, `${key} at ${fault.atMs}`);
      last.set(key, fault);
    }
  });

  it("outlast leases, but leave NATS away for seconds only", () => {
    const faults = faultsOf(SETTINGS);
    assert.ok(faults.some(({ lengthMs }) => lengthMs > SETTINGS.leaseTtlMs));
    assert.ok(faults.every(({ role, lengthMs }) => role !== "nats" || lengthMs <= 4_000));
  });
});
