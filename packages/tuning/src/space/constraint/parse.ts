// Constraints in the notation of a study spec, for example `min_units <= max_units`,
// `a + 2*b <= 10` or `0 < b - a < 5`. The grammar:
//
//   constraint  = side (comparison side)+         comparison = "<=" | ">=" | "<" | ">"
//   side        = ["+" | "-"] term (("+" | "-") term)*
//   term        = factor ("*" factor)*            with at most one name among the factors
//   factor      = number | name

import type { LinearConstraint } from "./linear-constraint.js";

/**
 * The constraints of a text, one for each comparison; or the expected form, if the text has
 * another.
 */
export type ConstraintResult =
  | { readonly ok: true; readonly constraints: readonly LinearConstraint[] }
  | { readonly ok: false; readonly expected: string };

/** Parses the text of a constraint. Does not check that the names exist in a space. */
export function parseConstraint(text: string): ConstraintResult {
  const tokens = tokensOf(text);
  if (tokens === undefined) return failure("names, numbers, + - * and a comparison (<=, >=, <, >)");
  const comparisons = tokens.filter(isComparison);
  const sides = sidesOf(tokens).map(sumOf);
  if (comparisons.length === 0) return failure("a comparison (<=, >=, <, >) of two sides");
  if (!sides.every((side) => side !== undefined)) return failure("sums of terms such as 2*name on both sides");
  const constraints = comparisons.map((comparison, i) => compare(sides[i] as Sum, comparison, sides[i + 1] as Sum));
  if (constraints.some(({ terms }) => Object.keys(terms).length === 0)) return failure("a comparison of parameters");
  return { ok: true, constraints };
}

/** Returns the constraints of several texts. Skips texts that `parseConstraint` refuses. */
export function constraintsOf(texts: readonly string[]): LinearConstraint[] {
  return texts.flatMap((text) => {
    const result = parseConstraint(text);
    return result.ok ? result.constraints : [];
  });
}

/** A linear expression: sum of coefficient * name, plus a constant. */
interface Sum {
  readonly terms: ReadonlyMap<string, number>;
  readonly constant: number;
}

const TOKEN = /\s*(<=|>=|<|>|[+\-*]|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z]\w*)\s*/y;
const NAME = /^[A-Za-z]/;

function failure(expected: string): ConstraintResult {
  return { ok: false, expected };
}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    tokens.push(match[1] as string);
  }
  return tokens;
}

function isComparison(token: string): boolean {
  return token.startsWith("<") || token.startsWith(">");
}

function sidesOf(tokens: readonly string[]): string[][] {
  const sides: string[][] = [[]];
  for (const token of tokens) {
    if (isComparison(token)) sides.push([]);
    else sides.at(-1)?.push(token);
  }
  return sides;
}

/** Returns the sum that tokens form; undefined if they form none. */
function sumOf(tokens: readonly string[]): Sum | undefined {
  const signed = tokens[0] === "+" || tokens[0] === "-" ? tokens : ["+", ...tokens];
  const starts = signed.flatMap((token, i) => (token === "+" || token === "-" ? [i] : []));
  const terms = new Map<string, number>();
  let constant = 0;
  for (const [i, start] of starts.entries()) {
    const term = termOf(signed.slice(start + 1, starts[i + 1]));
    if (term === undefined) return undefined;
    const coefficient = signed[start] === "-" ? -term.coefficient : term.coefficient;
    if (term.name === undefined) constant += coefficient;
    else terms.set(term.name, (terms.get(term.name) ?? 0) + coefficient);
  }
  return { terms, constant };
}

function termOf(tokens: readonly string[]): { readonly name?: string; readonly coefficient: number } | undefined {
  const factors = tokens.filter((_, i) => i % 2 === 0);
  const isProduct = tokens.length % 2 === 1 && tokens.every((token, i) => (token === "*") === (i % 2 === 1));
  const names = factors.filter((factor) => NAME.test(factor));
  if (!isProduct || names.length > 1) return undefined;
  const coefficient = factors.reduce((product, factor) => (NAME.test(factor) ? product : product * Number(factor)), 1);
  if (!Number.isFinite(coefficient)) return undefined;
  return names[0] === undefined ? { coefficient } : { name: names[0], coefficient };
}

/** Rewrites a comparison as terms <= limit (or <): terms to the left, constants to the right. */
function compare(left: Sum, comparison: string, right: Sum): LinearConstraint {
  const [small, large] = comparison.startsWith("<") ? [left, right] : [right, left];
  const names = [...new Set([...small.terms.keys(), ...large.terms.keys()])];
  const terms = names.map((name) => [name, (small.terms.get(name) ?? 0) - (large.terms.get(name) ?? 0)] as const);
  return {
    terms: Object.fromEntries(terms.filter(([, coefficient]) => coefficient !== 0)),
    limit: large.constant - small.constant,
    isStrict: comparison.length === 1,
  };
}
