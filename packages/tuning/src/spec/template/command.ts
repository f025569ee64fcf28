// References in a program's command: `${name}` inside a word stands for the parameter's value, and
// `$${` for the characters `${`.

import type { LookUp } from "./entries.js";

const REFERENCE = /\$\$\{|\$\{([^{}]*)\}/gu;

/** Returns the names in a word's references, in order of appearance. */
export function namesInWord(word: string): string[] {
  return [...word.matchAll(REFERENCE)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/**
 * Returns the words of a command with every reference replaced. Leaves out a word that refers to a
 * parameter without a value.
 */
export function resolveCommand(words: readonly string[], lookUp: LookUp): string[] {
  return words.flatMap((word) => {
    if (namesInWord(word).some((name) => lookUp(name) === undefined)) return [];
    return word.replace(REFERENCE, (_, name?: string) => (name === undefined ? "${" : String(lookUp(name))));
  });
}
