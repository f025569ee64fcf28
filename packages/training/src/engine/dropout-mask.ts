import { deriveSeed } from "@sintonia/tuning/random/random";
import { nextXoshiro, xoshiroFromSeed } from "@sintonia/tuning/random/xoshiro128";

/** Which mask: the same place gives the same mask in every engine, whatever was drawn before. */
export interface MaskPlace {
  /** Of the execution, an unsigned 32-bit integer. */
  readonly seed: number;
  /** Index of the dropout layer among the model's layers. */
  readonly layer: number;
  /** Steps taken before this one. */
  readonly step: number;
}

/**
 * Fills a mask for one batch: 0 with probability `rate`, else 1 / (1 - rate), as Keras' Dropout multiplies its inputs in
 * training.
 *
 * @param mask - shape (batch, units), row-major; overwritten
 * @param rate - at least 0 and below 1
 */
export function fillDropoutMask(mask: Float32Array, rate: number, { seed, layer, step }: MaskPlace): void {
  const words = xoshiroFromSeed(deriveSeed(seed, "dropout", layer, step));
  const dropped = Math.round(rate * 2 ** 32);
  const kept = Math.fround(1 / (1 - rate));
  for (let i = 0; i < mask.length; i++) mask[i] = nextXoshiro(words) >>> 0 < dropped ? 0 : kept;
}
