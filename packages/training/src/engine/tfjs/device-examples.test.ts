import assert from "node:assert/strict";
import { it } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { type Examples, labelsOf, rowsOf } from "../../dataset/examples.js";
import { seededExamples } from "../contract/problem.fixture.js";
import { DeviceExamples } from "./device-examples.js";

const WHOLE = seededExamples({ count: 12, features: 3, classes: 2 });

tf.enableProdMode();
await tf.setBackend("cpu");

it("sends equal sets once, even if the objects differ", () => {
  const device = new DeviceExamples(tf);
  const counts = [1, 2, 3].map(() => tensorsAfter(device, part(0, 6)));
  assert.deepEqual(new Set(counts).size, 1);
});

it("keeps the two sets that were used last", () => {
  const device = new DeviceExamples(tf);
  const before = tf.memory().numTensors;
  const sets = [part(0, 4), part(4, 8), part(0, 4), part(8, 12), part(0, 4)];
  assert.deepEqual(
    sets.map((set) => tensorsAfter(device, set) - before),
    [2, 4, 4, 4, 4],
  );
});

it("distinguishes sets that begin at the same address", () => {
  const device = new DeviceExamples(tf);
  for (const count of [3, 5, 3]) {
    const { inputs } = device.slice(part(0, count), count - 1, 1);
    assert.deepEqual(Array.from(inputs.dataSync()), Array.from(WHOLE.inputs.subarray(3 * (count - 1), 3 * count)));
  }
});

it("gathers rows in the given order", () => {
  const { inputs, targets } = new DeviceExamples(tf).gather(WHOLE, Uint32Array.of(7, 2, 7));
  assert.deepEqual(
    Array.from(inputs.dataSync()),
    [7, 2, 7].flatMap((row) => Array.from(WHOLE.inputs.subarray(3 * row, 3 * row + 3))),
  );
  assert.deepEqual(
    Array.from(targets.dataSync()),
    [7, 2, 7].map((row) => labelsOf(WHOLE)[row]),
  );
});

/** Returns a view of rows as a new object. */
function part(start: number, end: number): Examples {
  return rowsOf(WHOLE, [start, end], "seeded");
}

function tensorsAfter(device: DeviceExamples, set: Examples): number {
  tf.tidy(() => void device.slice(set, 0, 1));
  return tf.memory().numTensors;
}
