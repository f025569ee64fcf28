/** One mistake in the input of a person or of another program. */
export interface Problem {
  /**
   * Path such as `parameters.stddev.min` or `model.layers[0].units`, or `line 3, column 5`; empty
   * for the whole.
   */
  readonly path: string;
  /** The received value, shortened for display. */
  readonly received: string;
  /** The accepted values, as the end of the sentence "expected …". */
  readonly expected: string;
}

/** The result of a failed parse. */
export type Failure = { readonly ok: false; readonly problems: readonly Problem[] };

/** Keys and indices from the root of a value to a part of it. */
export type Path = readonly PropertyKey[];

/** A mistake whose path and value are not yet formatted. */
export interface Finding {
  readonly path: Path;
  readonly received: unknown;
  readonly expected: string;
  /** Name of the parameter whose value was received, if the spec has a reference there. */
  readonly reference?: string | undefined;
}

const SHOWN_MAX = 50;
const RECEIVED_CHARACTERS_MAX = 80;

/** Lists problems for a person, one per line; after 50 only their number. */
export function formatProblems(problems: readonly Problem[]): string {
  const lines = problems.slice(0, SHOWN_MAX).map(formatProblem);
  if (problems.length > SHOWN_MAX) lines.push(`and ${problems.length - SHOWN_MAX} more`);
  return lines.join("\n");
}

/** Formats findings; findings of the same path and expectation are one problem. */
export function toProblems(findings: readonly Finding[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { path, received, expected, reference } of findings) {
    const origin = reference === undefined ? "" : `$${reference} = `;
    const problem = { path: formatPath(path), received: origin + describe(received), expected };
    const key = `${problem.path}\n${expected}`;
    if (!problems.has(key)) problems.set(key, problem);
  }
  return [...problems.values()];
}

/** Formats a path as in JavaScript: keys with dots, indices in brackets. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

/** Formats a value for display: texts in quotes, "nothing" for a missing value. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= RECEIVED_CHARACTERS_MAX ? text : `${text.slice(0, RECEIVED_CHARACTERS_MAX - 1)}…`;
}

/** Returns the value at a path; undefined if there is none. Reads own properties only. */
export function valueAtPath(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function formatProblem({ path, received, expected }: Problem): string {
  return `${path === "" ? "" : `${path}: `}received ${received}, expected ${expected}`;
}
