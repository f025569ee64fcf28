import { deriveSeed } from "@sintonia/tuning/random/random";
import { nextXoshiro, type XoshiroState, xoshiroFromSeed } from "@sintonia/tuning/random/xoshiro128";

/** Which mask: the same place gives the same mask in every engine, whatever was drawn before. */
export interface MaskPlace {
  /** Of the execution, an unsigned 32-bit integer. */
  readonly seed: number;
  /** Index of the dropout layer among the model's layers. */
  readonly layer: number;
  /** Steps taken before this one. */
  readonly step: number;
}

/** What a mask is drawn from. */
export interface MaskStream {
  /** State of the generator. */
  readonly words: XoshiroState;
  /** Words of 32 bits below this number drop their value. */
  readonly dropped: number;
  /** What the other values of the mask are. */
  readonly kept: number;
}

export function maskStream(rate: number, { seed, layer, step }: MaskPlace): MaskStream {
  const words = xoshiroFromSeed(deriveSeed(seed, "dropout", layer, step));
  return { words, dropped: Math.round(rate * 2 ** 32), kept: Math.fround(1 / (1 - rate)) };
}

/**
 * Fills a mask for one batch: 0 with probability `rate`, else 1 / (1 - rate), as Keras' Dropout multiplies its inputs in
 * training.
 *
 * @param mask - shape (batch, units), row-major; overwritten
 * @param rate - at least 0 and below 1
 */
export function fillDropoutMask(mask: Float32Array, rate: number, place: MaskPlace): void {
  const { words, dropped, kept } = maskStream(rate, place);
  for (let i = 0; i < mask.length; i++) mask[i] = nextXoshiro(words) >>> 0 < dropped ? 0 : kept;
}
