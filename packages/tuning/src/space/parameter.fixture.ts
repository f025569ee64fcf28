// Parameters of every type for property tests.

import fc from "fast-check";
import type { Parameter, Scale } from "./parameter.js";

const anyScale = fc.constantFrom<Scale>("linear", "log", "reverse-log");
const steps = fc.integer({ min: 0, max: 300 });

const continuous = fc
  .record({
    scale: anyScale,
    exponent: fc.integer({ min: -10, max: 10 }),
    start: fc.double({ min: -10, max: 10, noNaN: true }),
    width: fc.double({ min: 0, max: 1e4, noNaN: true }),
  })
  .map(({ scale, exponent, start, width }): Parameter => {
    const min = scale === "linear" ? start : 10 ** exponent;
    return { type: "double", min, max: scale === "linear" ? min + width : min * (1 + width), scale };
  });

/** Draws ends and steps as decimals of few digits, as people write them. */
const steppedDouble = fc
  .record({
    scale: anyScale,
    digits: fc.integer({ min: 0, max: 6 }),
    start: fc.integer({ min: -1000, max: 1000 }),
    step: fc.integer({ min: 1, max: 1000 }),
    steps,
  })
  .map(({ scale, digits, start, step, steps }): Parameter => {
    const decimal = (units: number) => Number(`${units}e-${digits}`);
    const first = scale === "linear" ? start : Math.abs(start) + 1;
    return { type: "double", min: decimal(first), max: decimal(first + step * steps), scale, step: decimal(step) };
  });

const integer = fc
  .record({
    scale: anyScale,
    start: fc.integer({ min: -1000, max: 1000 }),
    step: fc.integer({ min: 1, max: 40 }),
    steps,
  })
  .map(({ scale, start, step, steps }): Parameter => {
    const min = scale === "linear" ? start : Math.abs(start) + 1;
    return { type: "integer", min, max: min + step * steps, scale, step };
  });

const factored = fc
  .record({
    scale: fc.constantFrom<Scale>("log", "reverse-log"),
    factor: fc.integer({ min: 2, max: 10 }),
    steps: fc.integer({ min: 0, max: 10 }),
    min: fc.integer({ min: 1, max: 50 }),
  })
  .map(
    ({ scale, factor, steps, min }): Parameter => ({
      type: "integer",
      min,
      max: min * factor ** steps,
      scale,
      step: 1,
      factor,
    }),
  );

const factoredDouble = fc
  .record({
    scale: fc.constantFrom<Scale>("log", "reverse-log"),
    factor: fc.constantFrom(1.5, 2, 3, 10),
    steps: fc.integer({ min: 0, max: 6 }),
    exponent: fc.integer({ min: -8, max: 2 }),
  })
  .map(({ scale, factor, steps, exponent }): Parameter => {
    const min = Number(`1e${exponent}`);
    return { type: "double", min, max: Number((min * factor ** steps).toPrecision(12)), scale, factor };
  });

const categories = fc.oneof(
  fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 9 }),
  fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 9 }),
  fc.constant([true, false]),
);

/** Generates a parameter of any type, with numbers in ranges that people use. */
export const anyParameter: fc.Arbitrary<Parameter> = fc.oneof(
  continuous,
  steppedDouble,
  integer,
  factored,
  factoredDouble,
  categories.map((values): Parameter => ({ type: "categorical", values })),
  fc.constant<Parameter>({ type: "boolean" }),
  fc.constant<Parameter>({ type: "fixed", value: 0.5 }),
);
