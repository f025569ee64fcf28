import { z } from "zod";
import { UserError } from "./errors.js";

/** A type of values, with the rule that parses the text of a variable. */
export interface Kind<T> {
  /** Parses text into a value. */
  readonly schema: z.ZodType<T, string>;
  /** Accepted texts, in words for error messages: "an integer from 0 to 65535". */
  readonly accepts: string;
}

/** One environment variable. It is required unless it has a `default` or is `optional`. */
export interface Variable<T = unknown> extends Kind<T> {
  readonly name: string;
  /** Purpose and unit, in one line. */
  readonly doc: string;
  /** Text that stands for an unset or empty variable. */
  readonly default?: string;
  /** True if the property is undefined when the variable is unset or empty. */
  readonly optional?: boolean;
  /** True if error messages must not show the value. */
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
 * @param variables - declarations by property name of the result
 * @param env - usually `process.env`, which only the `config.ts` of a service reads
 * @returns a frozen object
 * @throws {UserError} if a variable is missing or invalid; lists name, received value and
 *   accepted values of each
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

/**
 * Returns true if a program must print stack traces: SINTONIA_VERBOSE is 1 or true, or
 * `--verbose` is among the arguments.
 */
export function isVerbose(env: Readonly<Record<string, string | undefined>>, args: readonly string[]): boolean {
  const word = env["SINTONIA_VERBOSE"];
  return word === "1" || word === "true" || args.includes("--verbose");
}
