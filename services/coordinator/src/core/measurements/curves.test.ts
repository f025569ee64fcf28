import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@sintonia/protocol/measurement";
import { createRandom } from "@sintonia/tuning/random/random";
import { curvesOf } from "./curves.js";
import { decimated } from "./decimation.js";
import { packed } from "./packed.js";

test("a decimated series keeps its ends, and the extremes of every stretch, in their order", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = createRandom(seed);
    const count = 1 + Math.floor(300 * random.uniform());
    const pointsMax = 2 + Math.floor(60 * random.uniform());
    // Few different numbers, so that equal ones are frequent.
    const values = Array.from({ length: count }, () => Math.floor(20 * random.normal()));
    const kept = decimated(values, pointsMax);
    const where = `seed ${seed}: ${kept} of ${count}, at most ${pointsMax}`;
    assert.ok(kept.length <= pointsMax, where);
    assert.ok(
      kept.every((index, i) => i === 0 || index > (kept[i - 1] as number)),
      where,
    );
    assert.deepEqual([kept[0], kept.at(-1)], [0, count - 1], where);
    if (count <= pointsMax) assert.equal(kept.length, count, where);
    requireExtremes(values, kept, { pointsMax, where });
  }
});

/** Checks each stretch against a slow computation of its extremes. */
function requireExtremes(
  values: readonly number[],
  kept: readonly number[],
  { pointsMax, where }: { readonly pointsMax: number; readonly where: string },
): void {
  const stretches = Math.floor((pointsMax - 2) / 2);
  const inner = values.slice(1, -1);
  for (let stretch = 0; stretch < stretches && values.length > pointsMax; stretch++) {
    const [from, end] = [stretch, stretch + 1].map((k) => Math.floor((k * inner.length) / stretches)) as [
      number,
      number,
    ];
    const own = kept.filter((index) => index > from && index <= end).map((index) => values[index] as number);
    const all = inner.slice(from, end);
    assert.deepEqual([Math.min(...own), Math.max(...own)], [Math.min(...all), Math.max(...all)], where);
  }
}

function measurement(execution: number, epoch: number, metrics: Record<string, number>): Measurement {
  return { execution, epoch, metrics, learningRate: 0.1 / (1 + epoch), seconds: 1 };
}

test("each execution has a curve of its finite values, the same from a list and from packed numbers", () => {
  const measurements = [
    measurement(0, 0, { loss: 3, acc: 0.1 }),
    measurement(0, 1, { loss: Number.NaN, acc: 0.2 }),
    measurement(0, 2, { loss: 1, acc: 0.3 }),
    measurement(1, 0, { loss: Number.POSITIVE_INFINITY, acc: 0.1 }),
    measurement(2, 0, { loss: 2, acc: 0.1 }),
  ];
  const expected = [
    { execution: 0, epochs: [0, 2], values: [3, 1], learningRates: [0.1, 0.1 / 3] },
    { execution: 2, epochs: [0], values: [2], learningRates: [0.1] },
  ];
  for (const form of [measurements, packed(measurements)]) {
    assert.deepEqual(curvesOf(form, "loss", 200), expected);
    assert.deepEqual(curvesOf(form, "auc", 200), []);
    assert.deepEqual(curvesOf(form, "__proto__", 200), []);
  }
});

test("a long curve has the epochs and the learning rates of the values that it keeps", () => {
  const measurements = Array.from({ length: 100 }, (_, epoch) => measurement(0, epoch, { loss: (epoch * 37) % 101 }));
  const [curve] = curvesOf(packed(measurements), "loss", 10);
  assert.ok(curve !== undefined && curve.epochs.length <= 10 && curve.epochs.length > 2);
  for (const [i, epoch] of curve.epochs.entries()) {
    assert.equal(curve.values[i], measurements[epoch]?.metrics["loss"]);
    assert.equal(curve.learningRates[i], measurements[epoch]?.learningRate);
  }
});
