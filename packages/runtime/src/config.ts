import { z } from "zod";
import { UserError } from "./errors.js";

/** How the text of a variable is understood. */
export interface Kind<T> {
  /** Turns text into a value. */
  readonly schema: z.ZodType<T, string>;
  /** What is accepted, as a person reads it: "an integer from 0 to 65535". */
  readonly accepts: string;
}

/** One environment variable. Without `default` it must be set, unless it is `optional`. */
export interface Variable<T = unknown> extends Kind<T> {
  /** Name in the environment. */
  readonly name: string;
  /** One line: what it is for, with the unit. */
  readonly doc: string;
  /** Text used where the variable is unset or empty. */
  readonly default?: string;
  /** Whether the property is undefined where the variable is unset or empty. */
  readonly optional?: boolean;
  /** Whether the value must not appear in error messages. */
  readonly secret?: boolean;
}

type ValueOf<V> = V extends Variable<infer T> ? (V extends { readonly optional: true } ? T | undefined : T) : never;

/** The values of variables by property name. */
export type Config<V extends Readonly<Record<string, Variable>>> = { readonly [K in keyof V]: ValueOf<V[K]> };

/** Accepts an integer from min to max, both included. */
export function integerBetween(min: number, max: number): Kind<number> {
  const schema = z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
  return { schema, accepts: `an integer from ${min} to ${max}` };
}

/** Accepts one of the given words. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W): Kind<W[number]> {
  return { schema: z.enum(words) as z.ZodType<W[number], string>, accepts: `one of ${words.join(", ")}` };
}

/** Accepts any text that is not empty. */
export function text(accepts = "text"): Kind<string> {
  return { schema: z.string().min(1), accepts };
}

/** Accepts 1 or true, 0 or false. */
export function flag(): Kind<boolean> {
  const schema = z.enum(["1", "true", "0", "false"]).transform((word) => word === "1" || word === "true");
  return { schema: schema as unknown as z.ZodType<boolean, string>, accepts: "1 or true, 0 or false" };
}

/**
 * Reads variables from an environment. An empty variable counts as unset.
 *
 * @param variables - declarations by the property name they get in the result
 * @param env - usually process.env, which only a service's config.ts reads
 * @returns a frozen object
 * @throws {UserError} that lists every problem: name, value received and what is accepted
 */
export function readConfig<const V extends Readonly<Record<string, Variable>>>(
  variables: V,
  env: Readonly<Record<string, string | undefined>>,
): Config<V> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [property, variable] of Object.entries(variables)) {
    const outcome = readVariable(variable, env[variable.name]);
    if (outcome.problem === undefined) values[property] = outcome.value;
    else problems.push(outcome.problem);
  }
  if (problems.length > 0) throw new UserError(`configuration is not valid: ${problems.join("; ")}`);
  return Object.freeze(values) as Config<V>;
}

function readVariable(variable: Variable, received: string | undefined): { value?: unknown; problem?: string } {
  const given = received === undefined || received === "" ? variable.default : received;
  if (given === undefined) {
    return variable.optional ? {} : { problem: `${variable.name} is not set, must be ${variable.accepts}` };
  }
  const parsed = variable.schema.safeParse(given);
  if (parsed.success) return { value: parsed.data };
  const shown = variable.secret ? "(a value not shown)" : JSON.stringify(given);
  return { problem: `${variable.name} is ${shown}, must be ${variable.accepts}` };
}

/** Tells whether stack traces are wanted: SINTONIA_VERBOSE is 1 or true, or --verbose is among the arguments. */
export function isVerbose(env: Readonly<Record<string, string | undefined>>, args: readonly string[]): boolean {
  const word = env["SINTONIA_VERBOSE"];
  return word === "1" || word === "true" || args.includes("--verbose");
}
