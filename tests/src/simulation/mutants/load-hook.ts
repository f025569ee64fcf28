// A loader hook of Node that puts a mutant into one compiled file of the product.

import type { LoadHook } from "node:module";
import type { Mutant } from "./catalog.js";

let mutant: Mutant | undefined;

/** Receives the mutant from `register`. */
export function initialize(given: Mutant): void {
  mutant = given;
}

/** Replaces the mutant's text in its file; passes every other file on. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  if (mutant === undefined || !url.endsWith(`/${mutant.file}`)) return loaded;
  const source = String(loaded.source);
  const count = source.split(mutant.from).length - 1;
  if (count !== 1) throw new Error(`mutant ${mutant.name} does not apply: ${mutant.file} has its text ${count} times`);
  return { ...loaded, source: source.replace(mutant.from, () => (mutant as Mutant).to) };
};
