import { readFileSync } from "node:fs";
import { z } from "zod";
import { systemReasonOf, UserError } from "./errors.js";
import { Secret } from "./secret.js";

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
  /**
   * True if error messages must not show the value. The variable with the name and `_FILE` then
   * names a file with the value, as Kubernetes mounts secrets.
   */
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

/** An address that a server listens on. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** Accepts host:port, with an IPv6 address in brackets. @param example - for error messages */
export function listenAddress(example: string): Kind<ListenAddress> {
  const schema = z
    .string()
    .regex(/^(\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}$/)
    .transform((text) => {
      const colon = text.lastIndexOf(":");
      return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port: Number(text.slice(colon + 1)) };
    })
    .refine(({ port }) => port <= 65_535);
  return { schema, accepts: `host:port, such as ${example}` };
}

/** Accepts any text that is not empty. */
export function text(accepts = "text"): Kind<string> {
  return { schema: z.string().min(1), accepts };
}

/** Accepts a text that matches a pattern. */
export function matching(pattern: RegExp, accepts: string): Kind<string> {
  return { schema: z.string().regex(pattern), accepts };
}

/** Accepts any text that is not empty, and hides it wherever it is printed. */
export function secret(accepts: string): Kind<Secret> & { readonly secret: true } {
  const schema = z
    .string()
    .min(1)
    .transform((value) => new Secret(value));
  return { schema, accepts, secret: true };
}

/** Returns the name of the variable that names a file with the value of a secret variable. */
export function fileVariable({ name }: Pick<Variable, "name">): string {
  return `${name}_FILE`;
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
    const outcome = readVariable(variable, env);
    if (outcome.problem === undefined) values[property] = outcome.value;
    else problems.push(outcome.problem);
  }
  if (problems.length > 0) throw new UserError(`configuration is not valid: ${problems.join("; ")}`);
  return Object.freeze(values) as Config<V>;
}

interface Outcome {
  readonly value?: unknown;
  readonly problem?: string;
}

function readVariable(variable: Variable, env: Readonly<Record<string, string | undefined>>): Outcome {
  const received = env[variable.name];
  const file = variable.secret ? env[fileVariable(variable)] : undefined;
  if (!file) return parseVariable(variable, received);
  if (received) return { problem: `${variable.name} and ${fileVariable(variable)} exclude each other` };
  try {
    // Editors and `kubectl create secret --from-file` leave a line end at the end of the file.
    return parseVariable(variable, readFileSync(file, "utf8").replace(/\r?\n$/, ""), true);
  } catch (error) {
    return { problem: `${fileVariable(variable)} names a file that cannot be read: ${systemReasonOf(error)}` };
  }
}

/** @param isGiven - true if an empty text is a problem instead of an unset variable */
function parseVariable(variable: Variable, received: string | undefined, isGiven = false): Outcome {
  const given = received || isGiven ? received : variable.default;
  if (given === undefined || (given === "" && !isGiven)) {
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
