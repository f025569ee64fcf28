import type { Random } from "@sintonia/tuning/random/random";

/** Returns the numbers in random order. */
export function shuffled(numbers: readonly number[], random: Random): number[] {
  const order = Uint32Array.from(numbers.keys());
  random.shuffle(order);
  return Array.from(order, (i) => numbers[i] as number);
}
