// The chance of modules. tfjs takes the seeds of its initializers, of dropout and of noise from
// Math.random wherever a layer has none of its own. While a module's code or its model runs,
// Math.random is therefore a stream of our own generator.

import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";

/** The stream of one purpose in one execution. */
export interface Chance {
  /** Seed of the execution. */
  readonly seed: number;
  /** Name of the purpose, for example `"step", 3`. */
  readonly purpose: readonly (string | number)[];
}

/** Replaces Math.random of this thread, and returns a function that restores it. */
export function replaceChance({ seed, purpose }: Chance): () => void {
  const original = Math.random;
  const random = createRandom(deriveSeed(seed, "module", ...purpose));
  Math.random = () => random.uniform();
  return () => {
    Math.random = original;
  };
}

/** Runs a synchronous function with a stream of its own. */
export function withChance<T>(chance: Chance, act: () => T): T {
  const restore = replaceChance(chance);
  try {
    return act();
  } finally {
    restore();
  }
}

/** As `withChance`, until the function's promise is settled. */
export async function awaitWithChance<T>(chance: Chance, act: () => T | Promise<T>): Promise<T> {
  const restore = replaceChance(chance);
  try {
    return await act();
  } finally {
    restore();
  }
}
