import { deriveSeed } from "@sintonia/tuning/random/random";
import { nextXoshiro, type XoshiroState, xoshiroFromSeed } from "@sintonia/tuning/random/xoshiro128";

/** The arguments of a mask. The same arguments give the same mask in every engine. */
interface MaskPlace {
  /** Seed of the execution, an unsigned 32-bit integer. */
  readonly seed: number;
  /** Index of the dropout layer among the model's layers. */
  readonly layer: number;
  /** Number of steps before this one. */
  readonly step: number;
}

/** The random source of a mask. */
interface MaskStream {
  /** State of xoshiro128**. */
  readonly words: XoshiroState;
  /** Random 32-bit words below this limit give 0. */
  readonly dropped: number;
  /** Value for all other words, 1 / (1 - rate) in float32. */
  readonly kept: number;
}

/**
 * Returns the random source of a mask.
 *
 * @param rate - at least 0 and below 1
 */
export function maskStream(rate: number, { seed, layer, step }: MaskPlace): MaskStream {
  const words = xoshiroFromSeed(deriveSeed(seed, "dropout", layer, step));
  return { words, dropped: Math.round(rate * 2 ** 32), kept: Math.fround(1 / (1 - rate)) };
}

/**
 * Fills the mask of one batch: each value is 0 with probability `rate`, else 1 / (1 - rate).
 * Keras' Dropout multiplies its inputs by such a mask in training.
 *
 * @param mask - shape (batch, units), row-major; overwritten
 * @param rate - at least 0 and below 1
 */
export function fillDropoutMask(mask: Float32Array, rate: number, place: MaskPlace): void {
  const { words, dropped, kept } = maskStream(rate, place);
  for (let i = 0; i < mask.length; i++) mask[i] = nextXoshiro(words) >>> 0 < dropped ? 0 : kept;
}
