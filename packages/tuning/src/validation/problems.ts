/** One thing that is wrong with what a person or another program gave. */
export interface Problem {
  /** Where, as in `parameters.stddev.min`, `model.layers[0].units` or `line 3, column 5`; empty for the whole. */
  readonly path: string;
  /** What stood there, shortened for display. */
  readonly received: string;
  /** What may stand there, as the end of a sentence. */
  readonly expected: string;
}

/** What `parse...` functions answer. */
export type Failure = { readonly ok: false; readonly problems: readonly Problem[] };

/** Keys and indices from the root of a value to a place in it. */
export type Path = readonly PropertyKey[];

/** A problem whose place and value are not yet written out. */
export interface Finding {
  readonly path: Path;
  readonly received: unknown;
  readonly expected: string;
  /** Name of the parameter whose value was received, if the spec refers to one there. */
  readonly reference?: string | undefined;
}

const SHOWN_MAX = 50;
const RECEIVED_CHARACTERS_MAX = 80;

/** Lists problems for a person, a line each; past the first 50 only their number. */
export function formatProblems(problems: readonly Problem[]): string {
  const lines = problems.slice(0, SHOWN_MAX).map(formatProblem);
  if (problems.length > SHOWN_MAX) lines.push(`and ${problems.length - SHOWN_MAX} more`);
  return lines.join("\n");
}

/** Writes findings out, one for each place and expectation. */
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

/** Writes a path as JavaScript would: keys with dots, indices in brackets. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

/** Shows a value in a few words: texts in quotes, "nothing" for what is missing. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= RECEIVED_CHARACTERS_MAX ? text : `${text.slice(0, RECEIVED_CHARACTERS_MAX - 1)}…`;
}

/** The value at a path, undefined where there is none. Reads own properties only. */
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
