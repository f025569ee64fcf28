import { z } from "zod";
import { byType, fields, integer, isMapping, list, oneOf, real, text } from "../validation/schema.js";
import type { Parameter, SearchSpace } from "./parameter.js";

const PARAMETERS_MAX = 64;
const CATEGORIES_MAX = 32;

const SAFE = Number.MAX_SAFE_INTEGER;
const wholeNumber = z.int("a whole number");
const scale = oneOf(["linear", "log"]).default("linear");

// The rules between fields run although another field is wrong, so that every problem is listed at once.
const atMostMax = {
  path: ["min"],
  when: isMapping,
  error: ({ input }: { input?: unknown }) => `a number of at most max (${(input as Range).max})`,
};
const aboveZeroOnLog = { path: ["min"], when: isMapping, error: "a number above 0, for the scale is log" };
const wholeSteps = {
  path: ["max"],
  when: isMapping,
  error: ({ input }: { input?: unknown }) => `min plus a whole number of steps of ${(input as Range).step ?? 1}`,
};
const allDifferent = { path: ["values"], when: isMapping, error: "values that are all different" };

const doubleSchema = fields({ type: z.literal("double"), min: real(), max: real(), scale })
  .refine(isOrdered, atMostMax)
  .refine(isPositiveOnLog, aboveZeroOnLog);

const integerSchema = fields({
  type: z.literal("integer"),
  min: wholeNumber,
  max: wholeNumber,
  scale,
  step: integer(1, SAFE).default(1),
})
  .refine(isOrdered, atMostMax)
  .refine(isPositiveOnLog, aboveZeroOnLog)
  .refine(isWholeNumberOfSteps, wholeSteps);

const category = text("a text of 1 to 200 characters", /^.{1,200}$/su);

const categoricalSchema = fields({
  type: z.literal("categorical"),
  values: list(category, "texts", [1, CATEGORIES_MAX]),
}).refine(({ values }) => !Array.isArray(values) || new Set(values).size === values.length, allDifferent);

/** One parameter of a search space, with its defaults filled in. */
export const parameterSchema: z.ZodType<Parameter> = byType(
  ["double", "integer", "categorical", "boolean"],
  [doubleSchema, integerSchema, categoricalSchema, fields({ type: z.literal("boolean") })],
);

const parameterName = text(
  "a parameter name of at most 64 letters, digits and underscores that starts with a letter",
  /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
);

/** A search space; it may be empty, for studies that try one point. */
export const spaceSchema: z.ZodType<SearchSpace> = z
  .record(parameterName, parameterSchema, "a mapping from parameter names to parameters")
  .refine((space) => Object.keys(space).length <= PARAMETERS_MAX, `at most ${PARAMETERS_MAX} parameters`);

interface Range {
  readonly min: number;
  readonly max: number;
  readonly scale: string;
  readonly step: number;
}

function isOrdered({ min, max }: Pick<Range, "min" | "max">): boolean {
  return !areFinite(min, max) || min <= max;
}

function isPositiveOnLog({ min, scale }: Pick<Range, "min" | "scale">): boolean {
  return scale !== "log" || !areFinite(min) || min > 0;
}

function isWholeNumberOfSteps({ min, max, step }: Pick<Range, "min" | "max" | "step">): boolean {
  return !areFinite(min, max, step) || step < 1 || min > max || (max - min) % step === 0;
}

function areFinite(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "number" && Number.isFinite(value));
}
