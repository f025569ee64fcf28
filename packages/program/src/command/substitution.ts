// The places of values in the words of a command: `${name}` stands for a value, `$${` for the
// characters `${`.

/** One value for each parameter that is active in a trial. */
export type Values = Readonly<Record<string, string | number | boolean>>;

const PLACE = /\$\$\{|\$\{([^{}]*)\}/g;

/** Returns the names that the words of a command refer to, each once, in their order. */
export function namesIn(words: readonly string[]): string[] {
  const names = words.flatMap((word) => [...word.matchAll(PLACE)].map((match) => match[1]));
  return [...new Set(names.filter((name) => name !== undefined))];
}

/**
 * Returns words with values in place of their names. A name without a value, which is that of an
 * inactive parameter, gives the empty text.
 */
export function substitute(words: readonly string[], values: Values): string[] {
  const textOf = (name: string): string => (Object.hasOwn(values, name) ? String(values[name]) : "");
  return words.map((word) =>
    word.replace(PLACE, (_, name: string | undefined) => (name === undefined ? "${" : textOf(name))),
  );
}
