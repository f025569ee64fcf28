// Schemas whose messages say what is accepted. An issue's message is the `expected` of a problem.

import { z } from "zod";
import { nearestName } from "./nearest-name.js";
import { peerRemark } from "./peer-names.js";
import { type Finding, type Path, valueAtPath } from "./problems.js";

/** Returns the schema of a whole number in a closed range. */
export function integer(min: number, max: number) {
  const error = `a whole number from ${grouped(min)} to ${grouped(max)}`;
  return z.int(error).min(min, error).max(max, error);
}

/** Bounds of a number; every bound that is present applies. */
export interface NumberRange {
  readonly above?: number;
  readonly atLeast?: number;
  readonly below?: number;
  readonly atMost?: number;
}

/** Returns the schema of a finite number in a range. Its JSON Schema has the same bounds. */
export function real(range: NumberRange = {}) {
  const { above = -Infinity, atLeast = -Infinity, below = Infinity, atMost = Infinity } = range;
  const expected = rangeText(range);
  return z
    .number(expected)
    .refine((value) => value > above && value >= atLeast && value < below && value <= atMost, expected)
    .meta(jsonBounds(range));
}

/**
 * Returns the schema of a text that matches a pattern. Refuses halves of surrogate pairs, which no
 * encoding can store.
 */
export function text(expected: string, pattern: RegExp) {
  return z
    .string(expected)
    .regex(pattern, expected)
    .refine((value) => !/\p{Surrogate}/u.test(value), expected);
}

/**
 * Returns the schema of a mapping with free names. Every own name counts: zod's record would drop
 * `__proto__` without a word.
 */
export function mapping<K extends z.core.$ZodRecordKey, V extends z.core.SomeType>(key: K, value: V, expected: string) {
  const record = z.record(key, value, expected);
  return z.preprocess((input, context) => {
    if (typeof input === "object" && input !== null && Object.hasOwn(input, "__proto__")) {
      context.addIssue({ code: "custom", path: ["__proto__"], message: "another name" });
    }
    return input;
  }, record) as unknown as typeof record;
}

/** Returns the schema of one of several texts. */
export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: (issue) => expectedOneOf(values, issue.input) });
}

/** Returns the schema of a list whose length is in a closed range. */
export function list<T extends z.ZodType>(item: T, what: string, [min, max]: readonly [number, number]) {
  const expected = `a list of ${min === 0 ? "at most" : `${min} to`} ${max} ${what}`;
  return z.array(item, expected).min(min, expected).max(max, expected);
}

/** Returns the schema of a mapping with exactly the given fields. */
export function fields<T extends z.core.$ZodLooseShape>(shape: T) {
  const names = Object.keys(shape);
  // Issues of unknown fields carry the known names for `findingsOf` to choose from.
  return z.strictObject(shape, {
    error: ({ code, input }) => (code === "unrecognized_keys" ? names.join(SEPARATOR) : expectedMapping(names, input)),
  });
}

/** Returns the schema of a mapping whose field `key` determines the other fields. */
export function byType<T extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]]>(
  types: readonly string[],
  options: T,
  key = "type",
) {
  const error: z.core.$ZodErrorMap = ({ code, input }) => {
    if (code === "invalid_union") return expectedOneOf(types, valueAtPath(input, [key]));
    return `a mapping with ${key}: ${types.join(", ")}`;
  };
  return z.discriminatedUnion(key, options, { error });
}

/** The beginning of the message of a choice by keys, which names the keys. */
const CHOICE = "by keys: ";

/**
 * Returns the schema of a mapping of one of two forms.
 *
 * @param keys - a mapping with one of these keys has the form `withKey`; no other form has them
 */
export function byKeys<A extends z.ZodType, B extends z.ZodType>(keys: readonly string[], withKey: A, without: B) {
  return z.union([withKey, without], `${CHOICE}${keys.join(SEPARATOR)}`);
}

/** A shorter form that a schema accepts. A function expands it, so zod's JSON Schema lacks it. */
export type Shorthand =
  | {
      /** A text stands for a mapping whose `key` is this text. */
      readonly kind: "named";
      readonly key: string;
      /** For each other name the one that the schema knows. */
      readonly aliases: Readonly<Record<string, string>>;
      /** Value of `key` in a mapping that has none. */
      readonly fallback?: string | undefined;
    }
  /** A single item stands for a list of one. */
  | { readonly kind: "single" };

const SHORTHANDS = new WeakMap<z.core.$ZodType, Shorthand>();

/** Notes that a schema accepts a shorthand, and returns the schema. */
export function withShorthand<T extends z.core.$ZodType>(schema: T, shorthand: Shorthand): T {
  SHORTHANDS.set(schema, shorthand);
  return schema;
}

/** Returns the shorthand of a schema, if it has one. */
export function shorthandOf(schema: z.core.$ZodType): Shorthand | undefined {
  return SHORTHANDS.get(schema);
}

/**
 * Returns a schema that also accepts other names for the `type` of a mapping, or for a text.
 *
 * A text is short for a mapping with this type and defaults.
 *
 * @param aliases - the schema's name for each other name
 * @param fallback - type of a mapping without one
 */
export function named<T extends z.ZodType>(schema: T, aliases: Readonly<Record<string, string>>, fallback?: string) {
  const nameOf = (name: unknown) => (typeof name === "string" && Object.hasOwn(aliases, name) ? aliases[name] : name);
  const read = z.preprocess((value) => {
    if (typeof value === "string") return schema instanceof z.ZodEnum ? nameOf(value) : { type: nameOf(value) };
    if (!isMapping({ value }) || Array.isArray(value)) return value;
    const { type = fallback, ...rest } = value as Record<string, unknown>;
    return type === undefined ? value : { type: nameOf(type), ...rest };
  }, schema);
  return withShorthand(read, { kind: "named", key: "type", aliases, fallback });
}

/**
 * Returns true if a value is a mapping. Rules between fields then run although a field is invalid.
 */
export function isMapping(payload: { value: unknown }): boolean {
  return typeof payload.value === "object" && payload.value !== null;
}

/** Returns the findings of a failed parse of `input`. */
export function findingsOf(error: z.core.$ZodError, input: unknown): Finding[] {
  return error.issues.flatMap((issue) => findingsOfIssue(issue, input));
}

/** The beginning of the expectation against an unknown key. */
export const UNKNOWN_FIELD = "no field of this name";

const SEPARATOR = ", ";

function findingsOfIssue(issue: z.core.$ZodIssue, input: unknown): Finding[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { path, received: valueAtPath(input, path), expected: expectedField(key, issue.message.split(SEPARATOR)) };
    });
  }
  if (issue.code === "invalid_key") {
    const expected = issue.issues[0]?.message ?? issue.message;
    return [{ path: issue.path, received: issue.path.at(-1), expected }];
  }
  if (issue.code === "invalid_union" && issue.message.startsWith(CHOICE)) return chosenFindings(issue, input);
  const path = writtenPath(issue.path, input);
  return [{ path, received: valueAtPath(input, path), expected: issue.message }];
}

/** Returns the findings of the form that a mapping has by its keys. */
function chosenFindings({ path, message, errors }: z.core.$ZodIssueInvalidUnion, input: unknown): Finding[] {
  const value = valueAtPath(input, path);
  const keys = message.slice(CHOICE.length).split(SEPARATOR);
  const hasKey = typeof value === "object" && value !== null && keys.some((key) => Object.hasOwn(value, key));
  const issues = errors[hasKey ? 0 : 1] ?? [];
  return issues.flatMap((issue) => findingsOfIssue({ ...issue, path: [...path, ...issue.path] }, input));
}

/** Returns the path of the text in the input, if a text stands for the mapping of a path's end. */
function writtenPath(path: Path, input: unknown): Path {
  const parent = path.slice(0, -1);
  return typeof valueAtPath(input, parent) === "string" ? parent : path;
}

/** Shows a text that stands where a mapping with a type is needed as such a mapping. */
function expectedMapping(names: readonly string[], input: unknown): string {
  const example = typeof input === "string" && names.includes("type") ? `, such as { type: ${input} }` : "";
  return `a mapping with ${names.join(", ")}${example}`;
}

function expectedField(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  const hint = nearest === undefined ? `known are ${known.join(", ")}` : `did you mean ${nearest}?`;
  return `${UNKNOWN_FIELD}; ${hint}`;
}

function expectedOneOf(values: readonly string[], input: unknown): string {
  const nearest = typeof input === "string" ? nearestName(input, values) : undefined;
  const expected = values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
  return nearest === undefined ? expected : `${expected}; did you mean ${nearest}${peerRemark(String(input))}?`;
}

function rangeText({ above, atLeast, below, atMost }: NumberRange): string {
  if (atLeast !== undefined && atMost !== undefined) return `a number from ${atLeast} to ${atMost}`;
  const bounds = [
    above === undefined ? [] : [`above ${above}`],
    atLeast === undefined ? [] : [`of at least ${atLeast}`],
    below === undefined ? [] : [`below ${below}`],
    atMost === undefined ? [] : [`of at most ${atMost}`],
  ].flat();
  return bounds.length === 0 ? "a finite number" : `a number ${bounds.join(" and ")}`;
}

/** The bounds in the words of JSON Schema. */
function jsonBounds({ above, atLeast, below, atMost }: NumberRange): Readonly<Record<string, number>> {
  return {
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(atLeast === undefined ? {} : { minimum: atLeast }),
    ...(below === undefined ? {} : { exclusiveMaximum: below }),
    ...(atMost === undefined ? {} : { maximum: atMost }),
  };
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}
