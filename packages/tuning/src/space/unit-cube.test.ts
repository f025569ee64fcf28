import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../random/random.js";
import { ownValue } from "./check/values.js";
import { cardinality, discreteValue, isContinuous } from "./discrete.js";
import { anyParameter } from "./parameter.fixture.js";
import type { Parameter, ParameterValue } from "./parameter.js";
import { pointOf, valuesAt } from "./point.js";
import { coordinateOf, snap, valueAt } from "./unit-cube.js";

const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
/** The fixed seed makes every run the same. A failure prints the seed. */
const RUNS = { numRuns: 3000, seed: 10 };

test("returns the exact ends of every scale at 0 and 1, and beyond", () => {
  const holds = (parameter: Parameter) => {
    const [first, last] = ends(parameter);
    assert.equal(valueAt(parameter, 0), first);
    assert.equal(valueAt(parameter, 1), last);
    assert.equal(valueAt(parameter, -1e-17), first);
    assert.equal(valueAt(parameter, 1 + 1e-15), last);
  };
  fc.assert(fc.property(anyParameter, holds), RUNS);
});

test("returns only values of the parameter", () => {
  const holds = (parameter: Parameter, at: number) => {
    const value = valueAt(parameter, at);
    assert.equal(ownValue(parameter, value), value);
    if (parameter.type === "double" || parameter.type === "integer") {
      assert.ok((value as number) >= parameter.min && (value as number) <= parameter.max, `${value}`);
    }
    if (parameter.type === "integer" && parameter.factor === undefined) {
      assert.equal(((value as number) - parameter.min) % parameter.step, 0, `${value}`);
    }
  };
  fc.assert(fc.property(anyParameter, coordinate, holds), RUNS);
});

test("converts a value to a coordinate and back", () => {
  const holds = (parameter: Parameter, at: number) => {
    const value = valueAt(parameter, at);
    const back = coordinateOf(parameter, value);
    assert.ok(back >= 0 && back <= 1, `${back}`);
    if (isContinuous(parameter)) assertClose(valueAt(parameter, back) as number, value as number, parameter);
    else assert.equal(valueAt(parameter, back), value);
  };
  fc.assert(fc.property(anyParameter, coordinate, holds), RUNS);
});

test("snaps to the coordinate of the value; a second snap changes nothing", () => {
  const holds = (parameter: Parameter, at: number) => {
    const snapped = snap(parameter, at);
    assert.equal(snap(parameter, snapped), snapped);
    if (!isContinuous(parameter)) assert.equal(snapped, coordinateOf(parameter, valueAt(parameter, at)));
  };
  fc.assert(fc.property(anyParameter, coordinate, holds), RUNS);
});

test("reaches every value of a discrete parameter", () => {
  const holds = (parameter: Parameter) => {
    const count = cardinality(parameter);
    if (count > 1000) return;
    const values = Array.from({ length: count }, (_, i) => discreteValue(parameter, i));
    assert.equal(new Set(values).size, count);
    for (const value of values) assert.equal(valueAt(parameter, coordinateOf(parameter, value)), value);
  };
  fc.assert(fc.property(anyParameter, holds), { numRuns: 500, seed: 11 });
});

test("agrees with KerasTuner on the value of a probability, except where KerasTuner misses the maximum", () => {
  // Recorded from KerasTuner 1.4.7 at 0, 0.25, 0.5, 0.75, 0.999999 and 1. For the last of the log
  // integers KerasTuner returns 1001.
  const at = [0, 0.25, 0.5, 0.75, 0.999999, 1];
  const cases: [Parameter, readonly number[]][] = [
    [{ type: "integer", min: 32, max: 512, scale: "linear", step: 32 }, [32, 160, 288, 416, 512, 512]],
    [{ type: "integer", min: 1, max: 10, scale: "linear", step: 1 }, [1, 3, 6, 8, 10, 10]],
    [{ type: "integer", min: 16, max: 256, scale: "log", step: 1, factor: 2 }, [16, 32, 64, 128, 256, 256]],
    [{ type: "integer", min: 1, max: 1000, scale: "log", step: 1 }, [1, 5, 31, 177, 1000, 1000]],
    [{ type: "categorical", values: [3, 5, 7] }, [3, 3, 5, 7, 7, 7]],
    [
      { type: "double", min: 1e-4, max: 1e-2, scale: "log" },
      [1e-4, 3.16227766e-4, 1e-3, 3.16227766e-3, 0.00999995395, 0.01],
    ],
    [
      { type: "double", min: 0.5, max: 0.99, scale: "reverse-log" },
      [0.5, 0.655418225, 0.786437636, 0.896888559, 0.989999658, 0.99],
    ],
  ];
  for (const [parameter, expected] of cases) {
    const actual = at.map((place) => valueAt(parameter, place) as number);
    // The recorded figures have nine digits.
    actual.forEach((value, i) => {
      const wanted = expected[i] as number;
      assert.ok(Math.abs(value - wanted) <= 1e-8 * wanted, `${JSON.stringify(parameter)}: ${actual}`);
    });
  }
  assert.equal(valueAt({ type: "boolean" }, 0.4999), false);
  assert.equal(valueAt({ type: "boolean" }, 0.5), true);
  const log: Parameter = { type: "integer", min: 1, max: 1000, scale: "log", step: 1 };
  assert.ok(Math.abs(coordinateOf(log, 1) - 0.058688594552831) < 1e-14);
});

test("reaches the maximum of decimal steps and puts literal decimals into their own bins", () => {
  const tenths: Parameter = { type: "double", min: 0, max: 1, scale: "linear", step: 0.1 };
  assert.equal(cardinality(tenths), 11);
  for (let i = 0; i <= 10; i++) {
    const literal = Number(`${Math.floor(i / 10)}.${i % 10}`);
    assert.equal(discreteValue(tenths, i), literal);
    assert.ok(Math.abs(coordinateOf(tenths, literal) - (i + 0.5) / 11) < 1e-15);
    assert.equal(valueAt(tenths, coordinateOf(tenths, literal)), literal);
  }
  assert.equal(ownValue(tenths, 0.1 + 0.2), 0.3);
  assert.equal(ownValue(tenths, 0.25), undefined);
});

test("draws all values of a linear scale equally often, the last one included", () => {
  const parameter: Parameter = { type: "integer", min: 32, max: 512, scale: "linear", step: 32 };
  assert.equal(cardinality(parameter), 16);
  const counts = draw(parameter, 32_000);
  assert.equal(counts.size, 16);
  const tolerance = 5 * Math.sqrt(32_000 * (1 / 16) * (15 / 16));
  for (const [value, count] of counts) assert.ok(Math.abs(count - 2000) < tolerance, `${value} came ${count} times`);
});

test("draws an integer of a log scale in proportion to its share of the scale", () => {
  const parameter: Parameter = { type: "integer", min: 1, max: 3, scale: "log", step: 1 };
  const counts = draw(parameter, 30_000);
  // Bins are [1, 2], [2, 3], [3, 4] on the log scale.
  for (const value of [1, 2, 3]) {
    const share = Math.log((value + 1) / value) / Math.log(4);
    const error = Math.abs((counts.get(value) ?? 0) / 30_000 - share);
    assert.ok(error < 5 * Math.sqrt((share * (1 - share)) / 30_000), `${value} is off by ${error}`);
  }
});

test("keeps a log scale with large steps positive", () => {
  const parameter: Parameter = { type: "integer", min: 1, max: 101, scale: "log", step: 50 };
  for (const value of [1, 51, 101]) assert.equal(valueAt(parameter, coordinateOf(parameter, value)), value);
});

test("puts the geometric middle of a log scale at one half", () => {
  const parameter: Parameter = { type: "double", min: 1e-4, max: 1e-2, scale: "log" };
  assert.ok(Math.abs((valueAt(parameter, 0.5) as number) - 1e-3) < 1e-17);
});

test("handles ranges whose width overflows and ranges of one value", () => {
  const wide: Parameter = { type: "double", min: -1.7e308, max: 1.7e308, scale: "linear" };
  assert.equal(valueAt(wide, 0.5), 0);
  assert.equal(coordinateOf(wide, 0), 0.5);
  assert.equal(coordinateOf(wide, 1.7e308), 1);
  const single: Parameter = { type: "double", min: 3, max: 3, scale: "log" };
  assert.equal(cardinality(single), 1);
  assert.equal(coordinateOf(single, 3), 0.5);
  assert.equal(valueAt(single, 0.7), 3);
});

test("orders coordinates by the space and finds values by name", () => {
  const space = {
    rate: { type: "double", min: 0, max: 2, scale: "linear" },
    kind: { type: "categorical", values: ["a", "b"] },
    on: { type: "boolean" },
  } as const;
  const values = { on: true, kind: "b", rate: 0.5 };
  assert.deepEqual([...pointOf(space, values)], [0.25, 0.75, 0.75]);
  assert.deepEqual(valuesAt(space, pointOf(space, values)), values);
});

function draw(parameter: Parameter, times: number): Map<ParameterValue, number> {
  const random = createRandom(11);
  const counts = new Map<ParameterValue, number>();
  for (let i = 0; i < times; i++) {
    const value = valueAt(parameter, random.uniform());
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function ends(parameter: Parameter): [ParameterValue, ParameterValue] {
  switch (parameter.type) {
    case "boolean":
      return [false, true];
    case "categorical":
      return [parameter.values[0] as ParameterValue, parameter.values.at(-1) as ParameterValue];
    case "fixed":
      return [parameter.value, parameter.value];
    default:
      return [parameter.min, parameter.max];
  }
}

function assertClose(actual: number, expected: number, parameter: Parameter & { type: "double" }): void {
  const { min, max, scale } = parameter;
  // A relative error e of log(v) changes v by v |log(v)| e on a log scale. On a reverse-log scale
  // the same holds for max - (v - min) in place of v.
  const logarithms = Math.abs(Math.log(min)) + Math.abs(Math.log(max));
  const distance = scale === "log" ? expected : max - (expected - min);
  const stretch = scale === "linear" ? 0 : distance * (1 + logarithms);
  const tolerance = 16 * 2 ** -52 * Math.max(stretch, Math.abs(min), Math.abs(max));
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}
