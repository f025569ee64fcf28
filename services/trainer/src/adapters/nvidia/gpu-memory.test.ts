import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GpuMemory } from "./gpu-memory.js";

const load = (gpu: string, usedBytes: number) => ({ gpu, utilization: 0.5, usedBytes, totalBytes: 80e9 });

describe("the memory of a GPU", () => {
  it("is the one that the driver names", async () => {
    const memory = new GpuMemory(async () => [load("3", 1e9)]);
    assert.deepEqual(await memory.read(), { usedBytes: 1e9, totalBytes: 80e9 });
  });

  it("is unknown if the driver names none, several, or not its memory", async () => {
    for (const loads of [[], [load("0", 1e9), load("1", 1e9)], [load("0", Number.NaN)]])
      assert.equal(await new GpuMemory(async () => loads).read(), undefined);
  });
});
