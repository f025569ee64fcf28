// The messages that a program may send, and how a line is read as one of them.

import { z } from "zod";
import type { Aims } from "../objective/outcomes.js";
import { formatProblems, toProblems } from "../validation/problems.js";
import { fields, findingsOf, integer, isMapping, real } from "../validation/schema.js";
import { ID, outcomesSchema, type Tell, tellSchema, withNamedOutcomes } from "./tell.js";

/** Most suggestions that one message may ask for. */
export const ASK_MAX = 1_024;

/** The value of the objective in an epoch of a pending trial. */
export interface Report {
  readonly id: string;
  /** From 0. @default the epoch after the last reported one */
  readonly epoch?: number | undefined;
  readonly value: number;
  /** Learning rate at the start of the epoch, at least 0. @default 0 */
  readonly learningRate?: number | undefined;
}

/** A message of the program. */
export type Message =
  | { readonly type: "ask"; readonly count: number }
  /** Asks for paused trials to go on with, and for no new one. */
  | { readonly type: "resume"; readonly count: number }
  | { readonly type: "report"; readonly report: Report }
  | { readonly type: "tell"; readonly tell: Tell }
  | { readonly type: "best" }
  | { readonly type: "explain"; readonly id: string };

/** A message, or the error of the line. */
export type MessageResult =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly error: string };

const REPORTED = 'a finite number; a trial that diverged is told with "state": "infeasible"';
/** Most epochs of a trial. */
const EPOCHS_MAX = 10_000;

const reportSchema = fields({
  id: z.string(ID),
  epoch: integer(0, EPOCHS_MAX - 1).optional(),
  value: z.number(REPORTED),
  learningRate: real({ atLeast: 0 }).optional(),
});

function messageSchemaWith<T extends z.ZodType>(tell: T) {
  return fields({
    ask: integer(1, ASK_MAX).optional(),
    resume: integer(1, ASK_MAX).optional(),
    report: reportSchema.optional(),
    tell: tell.optional(),
    best: z.literal(true, "true").optional(),
    explain: fields({ id: z.string(ID) }).optional(),
  }).refine((message) => Object.values(message).filter((part) => part !== undefined).length === 1, {
    when: isMapping,
    error: "one of ask, report, resume, tell, best and explain",
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
  if (aims !== undefined) json = withNamedOutcomes(json, aims);
  const result = schemaOf(aims).safeParse(json);
  if (!result.success) return { ok: false, error: oneLine(findingsOf(result.error, json)) };
  return { ok: true, message: messageOf(result.data) };
}

function messageOf({ ask, resume, report, tell, explain }: z.output<typeof messageSchema>): Message {
  if (ask !== undefined) return { type: "ask", count: ask };
  if (resume !== undefined) return { type: "resume", count: resume };
  if (report !== undefined) return { type: "report", report };
  if (explain !== undefined) return { type: "explain", id: explain.id };
  return tell === undefined ? { type: "best" } : { type: "tell", tell: tell as Tell };
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
