import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import { type Evaluation, minimiseBounded } from "./bounded-minimum.js";

test("finds the minimum of Rosenbrock's valley", () => {
  const { point, value } = minimise(rosenbrock, { start: [-1.2, 1], lower: [-5, -5], upper: [5, 5] });
  assertNear(point, [1, 1], 1e-4);
  assert.ok(value < 1e-9);
});

test("stops at the bound when the minimum lies outside the box", () => {
  // The bound fixes x = 0.5; the valley's floor there is at y = x².
  const { point } = minimise(rosenbrock, { start: [-1, 2], lower: [-5, -5], upper: [0.5, 5] });
  assertNear(point, [0.5, 0.25], 1e-5);
});

test("leaves a bound that holds at the start, and finds a minimum in a corner", () => {
  const quadratic = (x: Float64Array): Evaluation => {
    const a = (x[0] as number) - 0.3;
    const b = (x[1] as number) - 7;
    return { value: 50 * a * a + b * b, gradient: () => Float64Array.of(100 * a, 2 * b) };
  };
  assertNear(minimise(quadratic, { start: [0, 0], lower: [0, 0], upper: [1, 1] }).point, [0.3, 1], 1e-6);
  assertNear(minimise(quadratic, { start: [1, 1], lower: [0.5, -1], upper: [1, 1] }).point, [0.5, 1], 1e-9);
});

test("fulfils the first-order conditions where many bounds hold, in fewer than 40 evaluations", () => {
  const random = createRandom(1);
  const n = 8;
  const stiffness = Float64Array.from({ length: n }, (_, i) => 10 ** (i / 2));
  const mix = Float64Array.from({ length: n }, () => random.normal());
  const pull = Float64Array.from({ length: n }, () => 10 * random.normal());
  // ½ Σ stiffness x² + ½ (mix · x)² - pull · x
  let evaluations = 0;
  const quadratic = (x: Float64Array): Evaluation => {
    evaluations++;
    const shared = x.reduce((sum, value, i) => sum + value * (mix[i] as number), 0);
    const gradient = x.map(
      (value, i) => value * (stiffness[i] as number) + shared * (mix[i] as number) - (pull[i] as number),
    );
    const bowl = x.reduce(
      (sum, value, i) => sum + value * ((stiffness[i] as number) * value - 2 * (pull[i] as number)),
      0,
    );
    return { value: (bowl + shared * shared) / 2, gradient: () => gradient };
  };
  const box = { start: new Array(n).fill(0), lower: new Array(n).fill(-0.5), upper: new Array(n).fill(0.5) };
  const { point } = minimise(quadratic, box);
  assert.ok(evaluations < 40, `${evaluations} evaluations`);
  const gradient = quadratic(point).gradient();
  const held = point.filter((x) => Math.abs(x) === 0.5).length;
  assert.ok(held >= 2 && held <= n - 2, `${held} variables are held`);
  point.forEach((x, i) => {
    const slope = gradient[i] as number;
    if (Math.abs(x) < 0.5) assert.ok(Math.abs(slope) < 1e-4, `slope ${slope} in variable ${i}`);
    else assert.ok(slope * x < 0, `variable ${i} is at a bound, but f falls into the box`);
  });
});

test("keeps the value of a variable whose bounds are equal", () => {
  const { point } = minimise(rosenbrock, { start: [0.2, 3], lower: [0.2, -5], upper: [0.2, 5] });
  assert.equal(point[0], 0.2);
  assertNear(point, [0.2, 0.04], 1e-5);
});

test("shortens a step to a point where the function is not defined", () => {
  // f(x) = x - ln x is defined for x > 0 only; its derivative 1 - 1/x is zero at 1.
  const barrier = (x: Float64Array): Evaluation => {
    const at = x[0] as number;
    return { value: at - Math.log(at), gradient: () => Float64Array.of(1 - 1 / at) };
  };
  assertNear(minimise(barrier, { start: [5], lower: [-10], upper: [10] }).point, [1], 1e-5);
});

test("returns the start if the function is flat or not finite", () => {
  for (const value of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
    const result = minimise(() => ({ value, gradient: () => new Float64Array(1) }), {
      start: [0.4],
      lower: [0],
      upper: [1],
    });
    assert.deepEqual([...result.point], [0.4], `${value}`);
  }
});

interface Box {
  readonly start: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

function minimise(evaluate: (x: Float64Array) => Evaluation, { start, lower, upper }: Box) {
  return minimiseBounded({
    evaluate,
    start: Float64Array.from(start),
    lower: Float64Array.from(lower),
    upper: Float64Array.from(upper),
    stepsMax: 200,
    gradientTolerance: 1e-6,
    progressMin: 0,
  });
}

function rosenbrock(x: Float64Array): Evaluation {
  const [a, b] = x as unknown as [number, number];
  const gap = b - a * a;
  return {
    value: (1 - a) ** 2 + 100 * gap * gap,
    gradient: () => Float64Array.of(-2 * (1 - a) - 400 * a * gap, 200 * gap),
  };
}

function assertNear(actual: Float64Array, expected: readonly number[], tolerance: number): void {
  expected.forEach((x, i) => {
    assert.ok(Math.abs((actual[i] as number) - x) <= tolerance, `[${actual}] is not [${expected}]`);
  });
}
