import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";

/**
 * The order in which an epoch visits the training examples. Depends on nothing but its arguments, so training can be
 * taken up at any epoch.
 *
 * @param seed - of the execution
 * @param epoch - counted from 0
 * @returns 0 to count - 1 in random order
 */
export function batchOrder(seed: number, epoch: number, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  createRandom(deriveSeed(seed, "order", epoch)).shuffle(order);
  return order;
}
