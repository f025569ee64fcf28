// JSON as training programs write it: Python's `json.dumps` writes NaN and Infinity, which JSON
// does not have.

const TEXT_OR_NON_FINITE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|-?\bNaN\b/g;

/**
 * Returns the value of a JSON text, in which NaN and Infinity become Infinity; undefined if the
 * text is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseStrict(text.replaceAll(TEXT_OR_NON_FINITE, (token) => (token.startsWith('"') ? token : "1e999")));
  }
}

function parseStrict(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tells whether a value of JSON is an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Formats a value for a message, truncated. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
