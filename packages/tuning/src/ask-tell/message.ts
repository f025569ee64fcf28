// The messages that a program may send, and how a line is read as one of them.

import { z } from "zod";
import { formatProblems, toProblems } from "../validation/problems.js";
import { fields, findingsOf, integer, isMapping, mapping, oneOf, real } from "../validation/schema.js";

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

const tellSchema = fields({
  id: z.string("a text: the id of a suggestion").optional(),
  values: mapping(z.string(), z.unknown(), "a mapping from names of parameters to values").optional(),
  value: real().nullish(),
  noise: real({ atLeast: 0 }).optional(),
  state: oneOf(["completed", "failed", "infeasible", "pruned"]).default("completed"),
})
  .refine(({ id, values }) => (id === undefined) !== (values === undefined), {
    when: isMapping,
    error: "either an id or values",
  })
  .refine(({ state, value }) => (state as string) !== "completed" || typeof value === "number", {
    path: ["value"],
    when: isMapping,
    error: "a finite number",
  });

const messageSchema = fields({
  ask: integer(1, ASK_MAX).optional(),
  tell: tellSchema.optional(),
  best: z.literal(true, "true").optional(),
  explain: fields({ id: z.string("a text: the id of a suggestion") }).optional(),
}).refine((message) => Object.values(message).filter((part) => part !== undefined).length === 1, {
  when: isMapping,
  error: "one of ask, tell, best and explain",
});

/** Reads a line as a message. */
export function readMessage(line: string): MessageResult {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return { ok: false, error: `not a line of JSON: ${(error as Error).message}` };
  }
  const result = messageSchema.safeParse(json);
  if (!result.success) return { ok: false, error: oneLine(findingsOf(result.error, json)) };
  const { ask, tell, explain } = result.data;
  if (ask !== undefined) return { ok: true, message: { type: "ask", count: ask } };
  if (explain !== undefined) return { ok: true, message: { type: "explain", id: explain.id } };
  return { ok: true, message: tell === undefined ? { type: "best" } : { type: "tell", tell } };
}

/** Joins findings into one line for a person. */
export function oneLine(findings: Parameters<typeof toProblems>[0]): string {
  return formatProblems(toProblems(findings)).replaceAll("\n", "; ");
}
