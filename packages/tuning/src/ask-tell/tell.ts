// A result that a program tells, and the schemas of such a message.

import { z } from "zod";
import { type Aims, type Outcomes, type OutcomeValue, outcomeNames } from "../objective/outcomes.js";
import { isRecord } from "../spec/template/references.js";
import { fields, isMapping, oneOf, real } from "../validation/schema.js";

/** How a trial ended. */
export type EndState = "completed" | "failed" | "infeasible" | "pruned";

/** The result of a trial that the program asked for (`id`), or of values of its own (`values`). */
export interface Tell {
  readonly id?: string | undefined;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  readonly value?: number | null | undefined;
  /** Standard deviation of the error of `value`. */
  readonly noise?: number | undefined;
  /** Share of the full budget behind the value, above 0 and at most 1. @default 1 */
  readonly fidelity?: number | undefined;
  /** Every outcome, where the spec has several objectives or limits; `value` is the first one. */
  readonly outcomes?: Outcomes | undefined;
  readonly state: EndState;
}

/** The expectation of an id. */
export const ID = 'a text: the id of a suggestion, such as "0"';
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

/** The schema of a tell with one objective. */
export const tellSchema = withOneKey(
  fields({
    ...commonFields,
    value: z.number(VALUE).nullish(),
    noise: real({ atLeast: 0 }).optional(),
    fidelity: real({ above: 0, atMost: 1 }).optional(),
  }),
)
  .refine(({ fidelity = 1, state, id }) => fidelity >= 1 || ((state as string) === "completed" && id === undefined), {
    path: ["fidelity"],
    when: isMapping,
    error: 'nothing beside an "id" or another state: a result below the full budget is told with its "values"',
  })
  .refine(({ state, value }) => (state as string) !== "completed" || typeof value === "number", {
    path: ["value"],
    when: isMapping,
    error: VALUE,
  });

/** Returns the schema of a tell with the outcomes of a spec. */
export function outcomesSchema(aims: Aims) {
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

/**
 * Returns a message in which `values` beside an `id` are `outcomes`: with an id they are not those
 * of parameters. A list has the values of the objectives in their order. Any other message stays as
 * it is.
 */
export function withNamedOutcomes(message: unknown, aims: Aims): unknown {
  const tell = isRecord(message) ? message["tell"] : undefined;
  if (!isRecord(tell) || !Object.hasOwn(tell, "id") || Object.hasOwn(tell, "outcomes")) return message;
  const { values, ...rest } = tell;
  if (!isRecord(values) && !Array.isArray(values)) return message;
  return {
    ...(message as object),
    tell: { ...rest, outcomes: Array.isArray(values) ? byOrder(values, aims) : values },
  };
}

/** Names the values of objectives. A further value has its index as a name, which no schema has. */
function byOrder(values: readonly unknown[], { objectives }: Aims): Record<string, unknown> {
  return Object.fromEntries(values.map((value, i) => [objectives[i]?.name ?? String(i), value]));
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
