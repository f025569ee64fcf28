import assert from "node:assert/strict";
import { test } from "node:test";
import type { StudyHistory } from "../../objective/observation.js";
import { createRandom } from "../../random/random.js";
import { isActive } from "../../space/conditions.js";
import type { ParameterValues, SearchSpace } from "../../space/parameter.js";
import { beliefsAt } from "./belief.js";
import { axisValues, sliceOf } from "./slice.js";

const UNIT = { type: "double", min: 0, max: 1, scale: "linear" } as const;
const RATE = { type: "double", min: 1e-4, max: 1, scale: "log" } as const;

test("has the values of a parameter from end to end, evenly spaced on its scale", () => {
  assert.deepEqual(axisValues(UNIT, 5), [0, 0.25, 0.5, 0.75, 1]);
  const rates = axisValues(RATE, 5) as number[];
  for (const [i, rate] of rates.entries()) assert.ok(Math.abs(Math.log10(rate) - (i - 4)) < 1e-9, `${rate}`);
  const units = { type: "integer", min: 1, max: 4, step: 1, scale: "linear" } as const;
  assert.deepEqual(axisValues(units, 64), [1, 2, 3, 4]);
  assert.deepEqual(axisValues({ ...units, max: 1_000 }, 3), [1, 501, 1_000]);
  assert.deepEqual(axisValues({ ...units, max: 1_024, scale: "log", factor: 2 }, 64).length, 11);
  assert.deepEqual(axisValues({ type: "boolean" }, 64), [false, true]);
  assert.deepEqual(axisValues({ type: "categorical", values: ["c", "a", "b"] }, 2), ["c", "a"]);
});

test("follows a quadratic through a point, inside its band, which is wider away from the trials", () => {
  const { history, truth } = quadratic();
  const slice = sliceOf(history, { through: { x: 0.4, y: 0.3 }, parameters: ["x"], steps: 21 }) ?? assert.fail();
  const [xs = []] = slice.axes;
  assert.equal(slice.observations, 30);
  // Trials have x in [0, 0.6], and errors of 0.02; the objective falls by 1.4 over the range.
  const among = slice.beliefs.filter((_, i) => (xs[i] as number) <= 0.6);
  const inside = among.filter(({ mean, low, high }, i) => {
    const expected = truth(xs[i] as number, 0.3);
    assert.ok(low <= mean && mean <= high, `${low}, ${mean}, ${high} at ${xs[i]}`);
    assert.ok(Math.abs(mean - expected) < 0.1, `${mean} instead of ${expected} at ${xs[i]}`);
    return low <= expected && expected <= high;
  });
  // A band of 95 % may miss some of the values, whose errors depend on each other.
  assert.ok(inside.length >= 10, `${inside.length} of ${among.length} inside`);
  const width = (i: number) => (slice.beliefs[i]?.high ?? 0) - (slice.beliefs[i]?.low ?? 0);
  assert.ok(width(20) > 3 * width(6), `${width(20)} at x = 1, ${width(6)} at x = 0.3`);
});

test("a plane has the slices of its first parameter's values one after another", () => {
  const { history } = quadratic();
  const through = { x: 0.4, y: 0.3 };
  const plane = sliceOf(history, { through, parameters: ["x", "y"], steps: 4 }) ?? assert.fail();
  const [xs = [], ys = []] = plane.axes;
  assert.equal(plane.beliefs.length, 16);
  for (const [i, x] of xs.entries()) {
    const slice = sliceOf(history, { through: { ...through, x: x as number }, parameters: ["y"], steps: 4 });
    assert.deepEqual(slice?.axes, [ys]);
    assert.deepEqual(slice?.beliefs, plane.beliefs.slice(4 * i, 4 * i + 4), `x = ${x}`);
  }
});

test("takes all kinds of parameters, and gives those that become active a value", () => {
  const space: SearchSpace = {
    optimizer: { type: "categorical", values: ["adam", "sgd"] },
    momentum: { ...UNIT, default: 0.9, when: { optimizer: ["sgd"] } },
    nesterov: { type: "boolean" },
    rate: RATE,
  };
  const random = createRandom(4);
  const completed = Array.from({ length: 24 }, (_, i) => {
    const values: ParameterValues = {
      optimizer: i % 2 === 0 ? "adam" : "sgd",
      ...(i % 2 === 0 ? {} : { momentum: random.uniform() }),
      nesterov: i % 3 === 0,
      rate: 10 ** (-4 * random.uniform()),
    };
    assert.equal(isActive(space, "momentum", values), i % 2 === 1);
    return { values, objective: (i % 2) + 0.01 * random.normal() };
  });
  const history: StudyHistory = { space, goal: "maximize", completed, infeasible: [], seed: 2 };
  const through = { optimizer: "adam", nesterov: true, rate: 0.01 };
  const slice = sliceOf(history, { through, parameters: ["optimizer"], steps: 64 }) ?? assert.fail();
  assert.deepEqual(slice.axes, [["adam", "sgd"]]);
  const [adam, sgd] = slice.beliefs.map(({ mean }) => mean) as [number, number];
  assert.ok(Math.abs(adam) < 0.1 && Math.abs(sgd - 1) < 0.1, `${adam} and ${sgd}`);
  assert.deepEqual(slice.beliefs, beliefsAt(history, [through, { ...through, optimizer: "sgd", momentum: 0.9 }]));
  for (const name of ["nesterov", "rate"])
    assert.ok(sliceOf(history, { through, parameters: [name], steps: 5 }) !== undefined, name);
});

test("has no slice of two completed trials", () => {
  const { history } = quadratic();
  const few = { ...history, completed: history.completed.slice(0, 2) };
  assert.equal(sliceOf(few, { through: { x: 0, y: 0 }, parameters: ["x"], steps: 5 }), undefined);
});

/** Thirty trials of a quadratic with small errors, none of which has x above 0.6. */
function quadratic() {
  const truth = (x: number, y: number): number => -4 * (x - 0.4) ** 2 - (y - 0.7) ** 2;
  const random = createRandom(7);
  const completed = Array.from({ length: 30 }, () => {
    const [x, y] = [0.6 * random.uniform(), random.uniform()];
    return { values: { x, y }, objective: truth(x, y) + 0.02 * random.normal() };
  });
  const history: StudyHistory = { space: { x: UNIT, y: UNIT }, goal: "maximize", completed, infeasible: [], seed: 1 };
  return { history, truth };
}
