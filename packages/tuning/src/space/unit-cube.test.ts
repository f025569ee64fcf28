import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random } from "../random/random.js";
import type { Parameter, ParameterValue } from "./parameter.js";
import { cardinality, coordinateOf, pointOf, snap, valueAt, valuesAt } from "./unit-cube.js";

const CASES = 300;

test("gives the ends of every scale at 0 and 1 exactly, and at coordinates beyond", () => {
  forRandomParameters((parameter, label) => {
    const [first, last] = ends(parameter);
    assert.equal(valueAt(parameter, 0), first, label);
    assert.equal(valueAt(parameter, 1), last, label);
    assert.equal(valueAt(parameter, -1e-17), first, label);
    assert.equal(valueAt(parameter, 1 + 1e-15), last, label);
  });
});

test("never leaves the range, and keeps integers on their steps", () => {
  forRandomParameters((parameter, label, random) => {
    for (let i = 0; i < 50; i++) {
      const value = valueAt(parameter, random.uniform());
      if (parameter.type === "categorical") assert.ok(parameter.values.includes(value as string), label);
      if (parameter.type !== "double" && parameter.type !== "integer") continue;
      assert.ok((value as number) >= parameter.min && (value as number) <= parameter.max, `${value} in ${label}`);
      if (parameter.type === "integer") {
        assert.equal(((value as number) - parameter.min) % parameter.step, 0, `${value} in ${label}`);
      }
    }
  });
});

test("turns a value into a coordinate and back into the value", () => {
  forRandomParameters((parameter, label, random) => {
    for (let i = 0; i < 20; i++) {
      const value = valueAt(parameter, random.uniform());
      const coordinate = coordinateOf(parameter, value);
      assert.ok(coordinate >= 0 && coordinate <= 1, label);
      const back = valueAt(parameter, coordinate);
      if (parameter.type !== "double") assert.equal(back, value, label);
      else assertClose(back as number, value as number, parameter, label);
    }
  });
});

test("snaps to the coordinate of the value, and only once", () => {
  forRandomParameters((parameter, label, random) => {
    const coordinate = random.uniform();
    const snapped = snap(parameter, coordinate);
    assert.equal(snap(parameter, snapped), snapped, label);
    if (parameter.type !== "double") {
      assert.equal(snapped, coordinateOf(parameter, valueAt(parameter, coordinate)), label);
    }
  });
});

test("draws the values of a linear scale equally often, the last one too", () => {
  const parameter: Parameter = { type: "integer", min: 32, max: 512, scale: "linear", step: 32 };
  assert.equal(cardinality(parameter), 16);
  const counts = draw(parameter, 32_000);
  assert.equal(counts.size, 16);
  const tolerance = 5 * Math.sqrt(32_000 * (1 / 16) * (15 / 16));
  for (const [value, count] of counts) assert.ok(Math.abs(count - 2000) < tolerance, `${value} came ${count} times`);
});

test("draws an integer of a log scale about as often as its share of the scale", () => {
  const parameter: Parameter = { type: "integer", min: 1, max: 3, scale: "log", step: 1 };
  const counts = draw(parameter, 30_000);
  // Bins are [0.5, 1.5], [1.5, 2.5], [2.5, 3.5] on the log scale.
  for (const value of [1, 2, 3]) {
    const share = Math.log((value + 0.5) / (value - 0.5)) / Math.log(7);
    const error = Math.abs((counts.get(value) ?? 0) / 30_000 - share);
    assert.ok(error < 5 * Math.sqrt((share * (1 - share)) / 30_000), `${value} is off by ${error}`);
  }
});

test("keeps a log scale of large steps positive", () => {
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

test("reads points in the order of the space and values by name", () => {
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
  if (parameter.type === "boolean") return [false, true];
  if (parameter.type === "categorical") return [parameter.values[0] as string, parameter.values.at(-1) as string];
  return [parameter.min, parameter.max];
}

function assertClose(actual: number, expected: number, parameter: Parameter, label: string): void {
  if (parameter.type !== "double") return;
  // On a log scale a relative rounding of the logarithm moves the value by as many times the logarithm.
  const logarithms = Math.abs(Math.log(parameter.min)) + Math.abs(Math.log(parameter.max));
  const stretch = parameter.scale === "log" ? expected * (1 + logarithms) : 0;
  const tolerance = 16 * 2 ** -52 * Math.max(stretch, Math.abs(parameter.min), Math.abs(parameter.max));
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} in ${label}`);
}

function forRandomParameters(check: (parameter: Parameter, label: string, random: Random) => void): void {
  const random = createRandom(10);
  for (let i = 0; i < CASES; i++) {
    const parameter = randomParameter(random);
    check(parameter, `case ${i}: ${JSON.stringify(parameter)}`, random);
  }
}

function randomParameter(random: Random): Parameter {
  const scale = random.integer(2) === 0 ? "linear" : "log";
  switch (random.integer(4)) {
    case 0: {
      const min = scale === "log" ? 10 ** (random.uniform() * 20 - 10) : random.normal() * 10 ** random.integer(5);
      const width = random.uniform() * 10 ** (random.integer(12) - 6);
      return { type: "double", min, max: scale === "log" ? min * (1 + width) : min + width, scale };
    }
    case 1: {
      const min = scale === "log" ? 1 + random.integer(100) : random.integer(200) - 100;
      const step = 1 + random.integer(40);
      return { type: "integer", min, max: min + step * random.integer(300), scale, step };
    }
    case 2:
      return { type: "categorical", values: Array.from({ length: 1 + random.integer(9) }, (_, i) => `v${i}`) };
    default:
      return { type: "boolean" };
  }
}
