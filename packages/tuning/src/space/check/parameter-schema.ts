import { z } from "zod";
import {
  byType,
  fields,
  integer,
  isMapping,
  list,
  mapping,
  oneOf,
  real,
  text,
  withShorthand,
} from "../../validation/schema.js";
import { cardinality } from "../discrete.js";
import type { Parameter, SearchSpace } from "../parameter.js";
import {
  areFinite,
  distinctValues,
  fewSteps,
  type Given,
  hasDistinctValues,
  hasFewSteps,
  hasOneSpacing,
  isPositiveOnLog,
  isWholeNumberOfSteps,
  wholeSteps,
} from "./spacing.js";
import { expectedValue, ownValue } from "./values.js";

const PARAMETERS_MAX = 64;
const CATEGORIES_MAX = 32;

const SAFE = Number.MAX_SAFE_INTEGER;
const wholeNumber = z.int("a whole number");
const scale = oneOf(["linear", "log", "reverse-log"]).default("linear");

const TEXT = /^.{1,200}$/su;
const category = z.union(
  [real(), z.boolean(), text("a text", TEXT)],
  "a text of 1 to 200 characters, a number, true or false",
);

const parameterName = text(
  "a parameter name of at most 64 letters, digits and underscores that starts with a letter",
  /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
);

/** Accepts a list of values, or a single value as a list of one. */
const oneOrMore = withShorthand(
  z.preprocess(
    (value) => (typeof value === "object" || value === undefined ? value : [value]),
    list(category, "values", [1, CATEGORIES_MAX]),
  ),
  { kind: "single" },
);

/** Conditions: for each parent its allowed values; a single value stands for a list of one. */
export const conditionsSchema = mapping(
  parameterName,
  oneOrMore,
  "a mapping from names of other parameters to their values",
);
const when = conditionsSchema.exactOptional();

// Rules between fields run even if another field is wrong, so that all problems appear at once.
const rule = (field: string, expected: string | ((given: Given) => string)) => ({
  path: [field],
  when: isMapping,
  error: ({ input }: { input?: unknown }) => (typeof expected === "string" ? expected : expected(input as Given)),
});

const range = { scale, when };

const doubleSchema = fields({
  type: z.literal("double"),
  min: real(),
  max: real(),
  step: real({ above: 0 }).exactOptional(),
  factor: real({ above: 1 }).exactOptional(),
  default: real().exactOptional(),
  ...range,
})
  .refine(
    isOrdered,
    rule("min", ({ max }) => `a number of at most max (${max})`),
  )
  .refine(
    isPositiveOnLog,
    rule("min", ({ scale }) => `a number above 0, because the scale is ${scale}`),
  )
  .refine(hasOneSpacing, rule("factor", "no factor together with a step or on a linear scale"))
  .refine(isWholeNumberOfSteps, rule("max", wholeSteps))
  .refine(hasFewSteps, rule("max", fewSteps))
  .refine(hasDistinctValues, rule("max", distinctValues))
  .refine(hasOwnDefault, rule("default", ownDefault));

const integerSchema = fields({
  type: z.literal("integer"),
  min: wholeNumber,
  max: wholeNumber,
  step: integer(1, SAFE).default(1),
  factor: integer(2, SAFE).exactOptional(),
  default: wholeNumber.exactOptional(),
  ...range,
})
  .refine(
    isOrdered,
    rule("min", ({ max }) => `a number of at most max (${max})`),
  )
  .refine(
    isPositiveOnLog,
    rule("min", ({ scale }) => `a number above 0, because the scale is ${scale}`),
  )
  .refine(hasOneSpacing, rule("factor", "no factor together with a step or on a linear scale"))
  .refine(isWholeNumberOfSteps, rule("max", wholeSteps))
  .refine(hasFewSteps, rule("max", fewSteps))
  .refine(hasOwnDefault, rule("default", ownDefault));

const categoricalSchema = fields({
  type: z.literal("categorical"),
  values: list(category, "texts, numbers or booleans", [1, CATEGORIES_MAX]),
  ordered: z.boolean("true or false").exactOptional(),
  default: category.exactOptional(),
  when,
})
  .refine(
    ({ values }) => !Array.isArray(values) || new Set(values).size === values.length,
    rule("values", "values that are all different"),
  )
  .refine(
    ({ values }) => !Array.isArray(values) || new Set(values.map((value) => typeof value)).size <= 1,
    rule("values", "values of one type"),
  )
  .refine(hasOwnDefault, rule("default", ownDefault));

const booleanSchema = fields({
  type: z.literal("boolean"),
  default: z.boolean("true or false").exactOptional(),
  when,
});

const fixedSchema = fields({ type: z.literal("fixed"), value: category, when });

/** Accepts one parameter of a search space and fills in its defaults. */
export const parameterSchema: z.ZodType<Parameter> = byType(
  ["double", "integer", "categorical", "boolean", "fixed"],
  [doubleSchema, integerSchema, categoricalSchema, booleanSchema, fixedSchema],
);

/**
 * Accepts a search space. An empty one is valid: the study then tries a single point.
 * `spaceFindings` checks conditions and constraints.
 */
export const spaceSchema: z.ZodType<SearchSpace> = mapping(
  parameterName,
  parameterSchema,
  "a mapping from parameter names to parameters",
).refine((space) => Object.keys(space).length <= PARAMETERS_MAX, `at most ${PARAMETERS_MAX} parameters`);

function isOrdered({ min, max }: Given): boolean {
  return !areFinite(min, max) || (min as number) <= (max as number);
}

function hasOwnDefault(given: unknown): boolean {
  const parameter = given as Parameter & { readonly default?: unknown };
  if (parameter.default === undefined || !isUsable(parameter)) return true;
  return ownValue(parameter, parameter.default) !== undefined;
}

function ownDefault(given: Given): string {
  return isUsable(given as Parameter) ? expectedValue(given as Parameter) : "a value of the parameter";
}

/** Returns whether the fields that determine the parameter's values are valid. */
function isUsable(parameter: Parameter): boolean {
  if (parameter.type === "categorical") return Array.isArray(parameter.values);
  if (parameter.type !== "double" && parameter.type !== "integer") return true;
  const { min, max, scale } = parameter;
  return areFinite(min, max) && typeof scale === "string" && isPositiveOnLog(parameter) && cardinality(parameter) >= 1;
}
