import { spreadPoint } from "../../numeric/low-discrepancy.js";
import { createRandom, deriveSeed } from "../../random/random.js";
import type { DesignSpace } from "../../space/design-space.js";

/**
 * Returns a point of the initial design. Point 0 has the defaults of the parameters, the middle of
 * the range for a parameter without one. The others are terms of a low-discrepancy sequence that
 * starts at the centre of the cube. The study's seed permutes and mirrors the dimensions.
 *
 * @param index - number of the point, from 0
 * @param seed - unsigned 32-bit integer, the same for all points of one design
 * @returns shape (d,), each in [0, 1]
 */
export function initialPoint(index: number, { dimensions, encode }: DesignSpace, seed: number): Float64Array {
  if (index === 0) return encode({});
  const d = dimensions.length;
  const random = createRandom(deriveSeed(seed, "initial-design"));
  const order = Uint32Array.from({ length: d }, (_, i) => i);
  random.shuffle(order);
  const spread = spreadPoint(index, new Float64Array(d).fill(0.5));
  return Float64Array.from(order, (edge) => {
    const coordinate = spread[edge] as number;
    return random.integer(2) === 0 ? coordinate : 1 - coordinate;
  });
}
