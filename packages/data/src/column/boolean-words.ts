const TRUE = new Set(["true", "yes", "1", "1.0"]);
const FALSE = new Set(["false", "no", "0", "0.0"]);

/** Returns the boolean that a text is, in any case; undefined if it is none. */
export function booleanOf(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
}
