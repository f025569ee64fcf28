import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fillDropoutMask, maskStream } from "../../../model/dropout-mask.js";
import { type Kernels, kernelsOver, NONE } from "./kernels.js";

// Compares every kernel with its formula in float64, for counts with and without an incomplete
// last vector. The values of a tensor beyond its count must stay zero.

const COUNTS = [1, 2, 3, 4, 5, 7, 8, 31, 64];
/** Largest relative error of 12 float32 operations in a row, the length of the longest formula. */
const TOLERANCE = 12 * 2 ** -24;
/** Number of values that fit into the memory of one tensor. */
const SLAB = 80;

type Tensors = readonly [w: number, g: number, a: number, b: number, c: number];

const RATE = Math.fround(0.01);
const MU = Math.fround(0.9);
const EPSILON = Math.fround(1e-3);
const [A1, A2, RHO] = [Math.fround(0.1), Math.fround(0.001), Math.fround(0.9)];
const REST = Math.fround(1 - RHO);

/** A call of a kernel on five tensors, and the formula for their new values. */
interface Case {
  readonly run: (kernels: Kernels, count: number, at: Tensors) => void;
  readonly formula: (values: Tensors) => Tensors;
}

const CASES: Readonly<Record<string, Case>> = {
  adam: {
    run: (k, n, [w, g, m, v]) => k.adam(n, w, g, m, v, RATE, A1, A2, EPSILON, 0),
    formula: (values) => adamFormula(values, 0),
  },
  "adam with decay": {
    run: (k, n, [w, g, m, v]) => k.adam(n, w, g, m, v, RATE, A1, A2, EPSILON, A1),
    formula: (values) => adamFormula(values, A1),
  },
  sgd: {
    run: (k, n, [w, g]) => k.sgd(n, w, g, NONE, RATE, 0, false),
    formula: ([w, g, ...others]) => [w - RATE * g, g, ...others],
  },
  "sgd with momentum": {
    run: (k, n, [w, g, m]) => k.sgd(n, w, g, m, RATE, MU, false),
    formula: ([w, g, m, b, c]) => [w + MU * m - RATE * g, g, MU * m - RATE * g, b, c],
  },
  "sgd with Nesterov's momentum": {
    run: (k, n, [w, g, m]) => k.sgd(n, w, g, m, RATE, MU, true),
    formula: ([w, g, m, b, c]) => {
      const next = MU * m - RATE * g;
      return [w + MU * next - RATE * g, g, next, b, c];
    },
  },
  rmsprop: {
    run: (k, n, [w, g, v]) => k.rmsprop(n, w, g, v, NONE, NONE, RATE, RHO, REST, EPSILON, 0),
    formula: ([w, g, v, b, c]) => {
      const next = RHO * v + REST * g * g;
      return [w - (RATE * g) / Math.sqrt(next + EPSILON), g, next, b, c];
    },
  },
  "rmsprop, centered, with momentum": {
    run: (k, n, [w, g, v, mean, m]) => k.rmsprop(n, w, g, v, mean, m, RATE, RHO, REST, EPSILON, MU),
    formula: ([w, g, v, mean, m]) => {
      const [square, average] = [RHO * v + REST * g * g, RHO * mean + REST * g];
      const change = MU * m + (RATE * g) / Math.sqrt(square - average ** 2 + EPSILON);
      return [w - change, g, square, average, change];
    },
  },
  scale: {
    run: (k, n, [, g]) => k.scale(n, g, MU),
    formula: ([w, g, ...others]) => [w, g * MU, ...others],
  },
  addPenaltyGradient: {
    run: (k, n, [w, g]) => k.addPenaltyGradient(n, w, g, A1, A2),
    formula: ([w, g, ...others]) => [w, g + A1 * Math.sign(w) + A2 * w, ...others],
  },
  movingAverage: {
    run: (k, n, [w, g]) => k.movingAverage(n, w, g, RHO, REST),
    formula: ([w, g, ...others]) => [RHO * w + REST * g, g, ...others],
  },
};

for (const [name, { run, formula }] of Object.entries(CASES)) {
  describe(`kernel ${name}`, () => {
    for (const count of COUNTS) {
      it(`computes its formula for ${count} values and leaves the rest of the vector zero`, () => {
        const { kernels, tensors, addresses } = filled(count);
        const expected = Array.from({ length: count }, (_, i) => formula(tensors.map((values) => values[i]) as never));
        run(kernels, count, addresses);
        for (const [tensor, values] of tensors.entries()) {
          for (let i = 0; i < count; i++)
            assertClose(values[i], expected[i]?.[tensor], `value ${i} of tensor ${tensor}`);
          assert.ok(
            values.subarray(count).every((value) => value === 0),
            `behind tensor ${tensor}`,
          );
        }
      });
    }
  });
}

describe("sums", () => {
  for (const count of COUNTS) {
    it(`have float64 precision for ${count} values`, () => {
      const { kernels, tensors, addresses } = filled(count);
      const [values, [address]] = [tensors[0] as Float32Array, addresses];
      const sum = (term: (value: number) => number): number => values.reduce((total, value) => total + term(value), 0);
      // The 64 terms are added in another order.
      assertNear(
        kernels.squareSum(count, address),
        sum((value) => value * value),
      );
      assertNear(kernels.absoluteSum(count, address), sum(Math.abs));
    });
  }

  it("do not overflow beyond the range of float32", () => {
    const { kernels, tensors, addresses } = filled(4);
    tensors[0]?.fill(1e30, 0, 4);
    assertNear(kernels.squareSum(4, addresses[0]), 4 * Math.fround(1e30) ** 2);
  });
});

it("the gradient of a penalty is 0 at 0 and NaN at NaN", () => {
  const { kernels, tensors, addresses } = filled(4);
  const [w, g] = tensors as [Float32Array, Float32Array];
  w.set([0, -0, 1, Number.NaN]);
  g.set([0, 0, 0, 0]);
  kernels.addPenaltyGradient(4, addresses[0], addresses[1], 0.5, 0.25);
  assert.deepEqual([...g.subarray(0, 4)], [0, 0, 0.75, Number.NaN]);
});

describe("the dropout mask", () => {
  for (const [rate, count] of [
    [0, 9],
    [0.3, 1],
    [0.3, 64],
    [0.999999, 64],
    [1 - 2 ** -40, 64],
  ] as const) {
    it(`has the same bits as in JavaScript: ${count} values at rate ${rate}`, () => {
      const { kernels, tensors, addresses } = filled(0);
      const place = { seed: 23, layer: 1, step: 4 };
      const { words, dropped, kept } = maskStream(rate, place);
      kernels.dropoutMask(count, addresses[0], ...words, dropped, kept);
      const expected = new Float32Array(count);
      fillDropoutMask(expected, rate, place);
      assert.deepEqual(tensors[0]?.subarray(0, count), expected);
      assert.equal(tensors[0]?.[count], 0);
    });
  }
});

/**
 * Values of the five tensors. The first two have both signs. The square of the fourth is below the
 * third, as the square of a mean is below the mean square.
 */
const PATTERNS: readonly ((phase: number) => number)[] = [
  Math.sin,
  Math.cos,
  (phase) => 1 + 0.5 * Math.sin(phase),
  (phase) => 0.4 + 0.2 * Math.cos(phase),
  (phase) => 1 + 0.5 * Math.cos(phase),
];

function filled(count: number) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const addresses = [64, 64 + 4 * SLAB, 64 + 8 * SLAB, 64 + 12 * SLAB, 64 + 16 * SLAB] as const;
  const tensors = addresses.map((address, tensor) => {
    const values = new Float32Array(memory.buffer, address, SLAB);
    for (let i = 0; i < count; i++) values[i] = PATTERNS[tensor]?.(1 + 7 * i) as number;
    return values;
  });
  return { kernels: kernelsOver(memory), addresses, tensors };
}

function adamFormula([w, g, m, v, c]: Tensors, decay: number): Tensors {
  const [moment, square] = [m + (g - m) * A1, v + (g * g - v) * A2];
  return [w - w * decay - (moment * RATE) / (Math.sqrt(square) + EPSILON), g, moment, square, c];
}

/** The tolerance is absolute, because the formulas subtract values near 1. */
function assertClose(actual: number | undefined, expected: number | undefined, what: string): void {
  assert.ok(actual !== undefined && expected !== undefined, what);
  assert.ok(Math.abs(actual - expected) <= 2 * TOLERANCE, `${what}: ${actual}, not ${expected}`);
}

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-14 * expected, `${actual}, not ${expected}`);
}
