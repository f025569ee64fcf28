import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random } from "../../random/random.js";
import { constraintsOf } from "../constraint/parse.js";
import type { ParameterValues, SearchSpace } from "../parameter.js";
import { everyValue, pointsOf } from "./enumeration.js";

/** A decimal as a person writes it, and the same as a multiple of 10^-12. */
interface Written {
  readonly text: string;
  readonly units: bigint;
}

const UNIT_DIGITS = 12;
const SPACES = 400;

/** A parameter of a random space: `count` values from `min` in equal steps. */
interface Axis {
  readonly name: string;
  readonly min: Written;
  readonly step: Written;
  readonly count: number;
}

/** Σ coefficients · values, compared with a limit. */
interface Row {
  readonly coefficients: readonly Written[];
  readonly comparison: "<=" | "<" | ">=" | ">";
  readonly limit: Written;
}

test("has exactly the points of exact fractions, in random spaces with decimal steps and constraints", () => {
  const random = createRandom(12);
  let constrained = 0;
  for (let i = 0; i < SPACES; i++) {
    const axes = Array.from({ length: 1 + random.integer(3) }, (_, k) => axisOf(`p${k}`, random));
    const rows = Array.from({ length: 1 + random.integer(3) }, () => rowOf(axes, random));
    const constraints = rows.map((row) => textOf(axes, row));
    const points = [
      ...pointsOf({ space: spaceOf(axes), constraints: constraintsOf(constraints) }, everyValue(spaceOf(axes))),
    ];
    const expected = expectedPoints(axes, rows);
    assert.deepEqual(points.map(keyOf), expected, `${JSON.stringify(spaceOf(axes))} ${constraints.join(", ")}`);
    if (expected.length > 0 && expected.length < sizeOf(axes)) constrained++;
  }
  assert.ok(constrained > SPACES / 4, `only ${constrained} spaces have points inside and outside`);
});

test("counts x + y <= 0.3 in tenths", () => {
  const tenth = { type: "double", min: 0, max: 1, scale: "linear", step: 0.1 } as const;
  const space = { x: tenth, y: tenth };
  const count = (text: string) =>
    [...pointsOf({ space, constraints: constraintsOf([text]) }, everyValue(space))].length;
  assert.equal(count("x + y <= 0.3"), 10);
  assert.equal(count("x + y < 0.3"), 6);
  assert.equal(count("0.1*x + 0.2*x + 0.3*y <= 0.09"), 10);
  assert.equal(count("x + y >= 1.7"), 10);
  assert.equal(count("0.7 <= x - y <= 0.7"), 4);
});

function axisOf(name: string, random: Random): Axis {
  const digits = random.integer(5);
  return {
    name,
    min: written(random.integer(200) - 100, digits),
    step: written(1 + random.integer(30), digits),
    count: 2 + random.integer(10),
  };
}

/** Draws a limit that some point meets exactly, so that both sides of it matter. */
function rowOf(axes: readonly Axis[], random: Random): Row {
  const coefficients = axes.map(() =>
    written((1 + random.integer(40)) * (random.integer(2) === 0 ? 1 : -1), random.integer(4)),
  );
  const met = axes.map((axis) => valueAt(axis, random.integer(axis.count)));
  const limit = coefficients.reduce((sum, { units }, i) => sum + units * (met[i] as bigint), 0n);
  const comparison = (["<=", "<", ">=", ">"] as const)[random.integer(4)] as Row["comparison"];
  return { coefficients, comparison, limit: { text: decimalText(limit, 2 * UNIT_DIGITS), units: limit } };
}

function expectedPoints(axes: readonly Axis[], rows: readonly Row[]): string[] {
  const points: string[] = [];
  const visit = (indices: readonly number[]) => {
    const axis = axes[indices.length];
    if (axis !== undefined) {
      for (let i = 0; i < axis.count; i++) visit([...indices, i]);
      return;
    }
    const values = axes.map((a, k) => valueAt(a, indices[k] as number));
    if (!rows.every((row) => holds(row, values))) return;
    points.push(axes.map((a, k) => `${a.name}=${Number(decimalText(values[k] as bigint, UNIT_DIGITS))}`).join());
  };
  visit([]);
  return points;
}

function holds({ coefficients, comparison, limit }: Row, values: readonly bigint[]): boolean {
  const excess = coefficients.reduce((sum, { units }, i) => sum + units * (values[i] as bigint), -limit.units);
  if (comparison === "<=") return excess <= 0n;
  if (comparison === "<") return excess < 0n;
  return comparison === ">=" ? excess >= 0n : excess > 0n;
}

function valueAt({ min, step }: Axis, index: number): bigint {
  return min.units + BigInt(index) * step.units;
}

function written(digits: number, decimals: number): Written {
  const units = BigInt(digits) * 10n ** BigInt(UNIT_DIGITS - decimals);
  return { text: decimalText(units, UNIT_DIGITS), units };
}

function decimalText(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, "0");
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, "");
  return `${units < 0n ? "-" : ""}${text}`;
}

function spaceOf(axes: readonly Axis[]): SearchSpace {
  return Object.fromEntries(
    axes.map((axis) => [
      axis.name,
      {
        type: "double",
        scale: "linear",
        min: Number(axis.min.text),
        max: Number(decimalText(valueAt(axis, axis.count - 1), UNIT_DIGITS)),
        step: Number(axis.step.text),
      },
    ]),
  );
}

function textOf(axes: readonly Axis[], { coefficients, comparison, limit }: Row): string {
  const terms = coefficients.map(({ text }, i) => {
    const sign = text.startsWith("-") ? "-" : "+";
    return `${sign} ${text.replace("-", "")}*${axes[i]?.name}`;
  });
  return `${terms.join(" ")} ${comparison} ${limit.text}`;
}

function keyOf(values: ParameterValues): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join();
}

function sizeOf(axes: readonly Axis[]): number {
  return axes.reduce((size, { count }) => size * count, 1);
}
