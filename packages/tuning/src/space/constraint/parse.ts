// Constraints in the notation of a study spec, for example `min_units <= max_units`,
// `a + 2*b <= 10` or `0 < b - a < 5`. The grammar:
//
//   constraint  = side (comparison side)+         comparison = "<=" | ">=" | "<" | ">"
//   side        = ["+" | "-"] term (("+" | "-") term)*
//   term        = factor ("*" factor)*            with at most one name among the factors
//   factor      = number | name

import { add, type Decimal, decimalOf, multiply, negate, numberOf, parseDecimal, ZERO } from "../decimal.js";
import type { ExactConstraint, LinearConstraint } from "./linear-constraint.js";

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
  readonly terms: ReadonlyMap<string, Decimal>;
  readonly constant: Decimal;
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
  const terms = new Map<string, Decimal>();
  let constant = ZERO;
  for (const [i, start] of starts.entries()) {
    const term = termOf(signed.slice(start + 1, starts[i + 1]));
    if (term === undefined) return undefined;
    const coefficient = signed[start] === "-" ? negate(term.coefficient) : term.coefficient;
    if (term.name === undefined) constant = add(constant, coefficient);
    else terms.set(term.name, add(terms.get(term.name) ?? ZERO, coefficient));
  }
  return { terms, constant };
}

function termOf(tokens: readonly string[]): { readonly name?: string; readonly coefficient: Decimal } | undefined {
  const factors = tokens.filter((_, i) => i % 2 === 0);
  const isProduct = tokens.length % 2 === 1 && tokens.every((token, i) => (token === "*") === (i % 2 === 1));
  const names = factors.filter((factor) => NAME.test(factor));
  if (!isProduct || names.length > 1) return undefined;
  const numbers = factors.filter((factor) => !NAME.test(factor)).map(parseDecimal);
  if (!numbers.every((number) => number !== undefined)) return undefined;
  const coefficient = numbers.reduce(multiply, ONE);
  if (!Number.isFinite(numberOf(coefficient))) return undefined;
  return names[0] === undefined ? { coefficient } : { name: names[0], coefficient };
}

const ONE = decimalOf(1);

/** Rewrites a comparison as terms <= limit (or <): terms to the left, constants to the right. */
function compare(left: Sum, comparison: string, right: Sum): LinearConstraint {
  const [small, large] = comparison.startsWith("<") ? [left, right] : [right, left];
  const names = [...new Set([...small.terms.keys(), ...large.terms.keys()])];
  const terms = names
    .map((name) => [name, minus(small.terms.get(name) ?? ZERO, large.terms.get(name) ?? ZERO)] as const)
    .filter(([, coefficient]) => coefficient.digits !== 0n);
  const exact = { terms: Object.fromEntries(terms), limit: minus(large.constant, small.constant) };
  const rounded = {
    terms: Object.fromEntries(terms.map(([name, coefficient]) => [name, numberOf(coefficient)])),
    limit: numberOf(exact.limit),
    isStrict: comparison.length === 1,
  };
  return isRounded(rounded, exact) ? { ...rounded, exact } : rounded;
}

/** Returns true if a number of a constraint has another decimal than the exact one. */
function isRounded({ terms, limit }: Pick<LinearConstraint, "terms" | "limit">, exact: ExactConstraint): boolean {
  const differs = (a: Decimal, b: number) => minus(a, decimalOf(b)).digits !== 0n;
  return (
    differs(exact.limit, limit) ||
    Object.entries(exact.terms).some(([name, coefficient]) => differs(coefficient, terms[name] as number))
  );
}

function minus(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b));
}
