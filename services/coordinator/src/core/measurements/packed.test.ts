import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Measurement } from "@sintonia/protocol/measurement";
import { createRandom } from "@sintonia/tuning/random/random";
import { indexOfEpoch } from "./measurements.js";
import { PackedMeasurements, packed } from "./packed.js";

const NAMES = ["loss", "val_accuracy", "__proto__", "7"];

function measurementsOf(seed: number): readonly Measurement[] {
  const random = createRandom(seed);
  const names = NAMES.slice(0, random.integer(NAMES.length + 1));
  return Array.from({ length: 1 + random.integer(20) }, (_, index) => ({
    execution: index >> 2,
    epoch: index & 3,
    metrics: Object.fromEntries(names.map((name) => [name, random.normal() * 10 ** (random.integer(600) - 300)])),
    learningRate: random.uniform(),
    seconds: random.uniform(),
  }));
}

describe("packed measurements", () => {
  it("are those that were packed: one by one, as a list, as JSON", () => {
    for (let seed = 0; seed < 200; seed++) {
      const list = measurementsOf(seed);
      const compact = packed(list);
      assert.ok(compact instanceof PackedMeasurements);
      assert.equal(JSON.stringify(compact), JSON.stringify(list));
      assert.equal(compact.length, list.length);
      assert.deepEqual([...compact], list);
      assert.deepEqual(compact.slice(1, -1), list.slice(1, -1));
      for (let index = -list.length - 1; index <= list.length; index++) {
        assert.deepEqual(compact.at(index), list.at(index), `${index} of ${list.length}`);
      }
    }
  });

  it("find an epoch where the list does", () => {
    const list = measurementsOf(3);
    const present = list.map((measurement) => indexOfEpoch(packed(list), measurement));
    assert.deepEqual(present, [...list.keys()]);
    assert.equal(indexOfEpoch(packed(list), { execution: 0, epoch: 4 }), -1);
  });

  it("stay a list if they differ in their metrics or have fields of another version", () => {
    const [first, second] = measurementsOf(1) as [Measurement, Measurement];
    for (const other of [
      { ...second, metrics: { other: 1 } },
      { ...second, later: 1 },
    ]) {
      const list = [first, other];
      assert.equal(packed(list), list);
    }
    assert.deepEqual(packed([]), []);
  });
});
