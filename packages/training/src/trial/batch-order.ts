import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";

/**
 * Returns the order in which an epoch visits the training examples. The order is a function of the
 * arguments, so that training can resume at any epoch.
 *
 * @param seed - seed of the execution
 * @param epoch - counted from 0
 * @returns a random permutation of 0 to count - 1
 */
export function batchOrder(seed: number, epoch: number, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  createRandom(deriveSeed(seed, "order", epoch)).shuffle(order);
  return order;
}
