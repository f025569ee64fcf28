/** Texts that stand for a missing value, as in pandas. */
const MISSING = new Set([
  "",
  "#N/A",
  "#N/A N/A",
  "#NA",
  "-1.#IND",
  "-1.#QNAN",
  "-NaN",
  "-nan",
  "1.#IND",
  "1.#QNAN",
  "<NA>",
  "N/A",
  "NA",
  "NULL",
  "NaN",
  "None",
  "n/a",
  "nan",
  "null",
]);

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITY = /^[+-]?inf(?:inity)?$/i;

/** Returns true if a text stands for a missing value. */
export function isMissing(text: string): boolean {
  return MISSING.has(text);
}

/**
 * Returns the number that a text is, infinite for `inf` and for numbers beyond a double; undefined
 * if the text is no number.
 */
export function numberOf(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  return INFINITY.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : undefined;
}
