// The messages that a program may send, and how a line is read as one of them.

import { z } from "zod";
import { type Aims, type Outcomes, type OutcomeValue, outcomeNames } from "../objective/outcomes.js";
import { isRecord } from "../spec/template/references.js";
import { formatProblems, toProblems } from "../validation/problems.js";
import { fields, findingsOf, integer, isMapping, oneOf, real } from "../validation/schema.js";

/** Most suggestions that one message may ask for. */
export const ASK_MAX = 1_024;

/** How a trial ended. */
export type EndState = "completed" | "failed" | "infeasible" | "pruned";

/** The result of a trial that the program asked for (`id`), or of values of its own (`values`). */
export interface Tell {
  readonly id?: string | undefined;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  readonly value?: number | null | undefined;
  /** Standard deviation of the error of `value`. */
  readonly noise?: number | undefined;
  /** Every outcome, where the spec has several objectives or limits; `value` is the first one. */
  readonly outcomes?: Outcomes | undefined;
  readonly state: EndState;
}

/** A message of the program. */
export type Message =
  | { readonly type: "ask"; readonly count: number }
  | { readonly type: "tell"; readonly tell: Tell }
  | { readonly type: "best" }
  | { readonly type: "explain"; readonly id: string };

/** A message, or the error of the line. */
export type MessageResult =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly error: string };

const ID = 'a text: the id of a suggestion, such as "0"';
const VALUE = 'a finite number; a trial without one is told with "state": "infeasible", "failed" or "pruned"';

/** Accepts every mapping. `checkTriedValues` compares its names and values with the space. */
const givenValues = z.custom<Readonly<Record<string, unknown>>>(
  isRecord,
  "a mapping from names of parameters to values",
);

const STATES = ["completed", "failed", "infeasible", "pruned"] as const;

const commonFields = {
  id: z.string(ID).optional(),
  values: givenValues.optional(),
  state: oneOf(STATES).default("completed"),
};

const tellSchema = withOneKey(
  fields({ ...commonFields, value: z.number(VALUE).nullish(), noise: real({ atLeast: 0 }).optional() }),
).refine(({ state, value }) => (state as string) !== "completed" || typeof value === "number", {
  path: ["value"],
  when: isMapping,
  error: VALUE,
});

/** Returns the schema of a tell with the outcomes of a spec. */
function outcomesSchema(aims: Aims) {
  const names = outcomeNames(aims);
  const shape = <T>(item: T) => Object.fromEntries(names.map((name) => [name, item]));
  const expected = `a finite number for each of ${names.join(", ")}; a trial without them is told with a "state"`;
  return withOneKey(
    fields({
      ...commonFields,
      outcomes: fields(shape(z.number("a finite number"))).optional(),
      noise: fields(shape(real({ atLeast: 0 }).optional())).optional(),
    }),
  )
    .refine(({ state, outcomes }) => (state as string) !== "completed" || outcomes !== undefined, {
      path: ["outcomes"],
      when: isMapping,
      error: expected,
    })
    .transform((told) => withOutcomes(aims, told as OutcomesTold));
}

interface OutcomesTold extends Omit<Tell, "outcomes" | "noise" | "value"> {
  readonly outcomes?: Readonly<Record<string, number>> | undefined;
  readonly noise?: Readonly<Record<string, number | undefined>> | undefined;
}

function withOutcomes(aims: Aims, { outcomes, noise = {}, ...told }: OutcomesTold): Tell {
  if (told.state !== "completed" || outcomes === undefined) return told;
  const entries = Object.entries(outcomes).map(([name, value]): [string, OutcomeValue] => {
    const sd = noise[name];
    return [name, sd === undefined ? { value } : { value, noiseVariance: sd * sd }];
  });
  return { ...told, value: outcomes[aims.objectives[0]?.name ?? ""], outcomes: Object.fromEntries(entries) };
}

function withOneKey<T extends z.ZodType<{ id?: string | undefined; values?: unknown }>>(schema: T) {
  return schema.refine(({ id, values }) => (id === undefined) !== (values === undefined), {
    when: isMapping,
    error: "either an id or values",
  });
}

function messageSchemaWith<T extends z.ZodType>(tell: T) {
  return fields({
    ask: integer(1, ASK_MAX).optional(),
    tell: tell.optional(),
    best: z.literal(true, "true").optional(),
    explain: fields({ id: z.string(ID) }).optional(),
  }).refine((message) => Object.values(message).filter((part) => part !== undefined).length === 1, {
    when: isMapping,
    error: "one of ask, tell, best and explain",
  });
}

const messageSchema = messageSchemaWith(tellSchema);
const schemas = new WeakMap<Aims, typeof messageSchema>();

/** Returns the schema of the messages of a dialogue; a spec's schema is built once. */
function schemaOf(aims: Aims | undefined): typeof messageSchema {
  if (aims === undefined) return messageSchema;
  const known = schemas.get(aims) ?? (messageSchemaWith(outcomesSchema(aims)) as unknown as typeof messageSchema);
  schemas.set(aims, known);
  return known;
}

/**
 * Reads a line as a message.
 *
 * @param aims - the several objectives or limits of the spec, if it has them
 */
export function readMessage(line: string, aims?: Aims): MessageResult {
  if (line.trim() === "") return { ok: false, error: 'an empty line; a message is a line such as {"ask": 1}' };
  let json: unknown;
  try {
    json = parseJson(line);
  } catch (error) {
    return { ok: false, error: `not a line of JSON, such as {"ask": 1}: ${(error as Error).message}` };
  }
  const result = schemaOf(aims).safeParse(json);
  if (!result.success) return { ok: false, error: oneLine(findingsOf(result.error, json)) };
  const { ask, tell, explain } = result.data;
  if (ask !== undefined) return { ok: true, message: { type: "ask", count: ask } };
  if (explain !== undefined) return { ok: true, message: { type: "explain", id: explain.id } };
  return { ok: true, message: tell === undefined ? { type: "best" } : { type: "tell", tell: tell as Tell } };
}

/** Matches texts, which may contain the words, and the words of Python's json for floats. */
const TEXTS_AND_WORDS = /"(?:[^"\\]|\\.)*"?|-?Infinity|NaN/gs;
const NAN_MARK = "\u0000NaN";

/**
 * Parses JSON in which NaN, Infinity and -Infinity are numbers, so that the schema can say where
 * they are not accepted.
 *
 * @throws {SyntaxError} if the line is invalid apart from these words
 */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const asJson = (word: string) => (word === "NaN" ? JSON.stringify(NAN_MARK) : word.replace("Infinity", "1e999"));
    const text = line.replaceAll(TEXTS_AND_WORDS, (found) => (found.startsWith('"') ? found : asJson(found)));
    if (text === line) throw error;
    return JSON.parse(text, (_, value: unknown) => (value === NAN_MARK ? Number.NaN : value));
  }
}

/** Joins findings into one line for a person. */
export function oneLine(findings: Parameters<typeof toProblems>[0]): string {
  return formatProblems(toProblems(findings)).replaceAll("\n", "; ");
}
