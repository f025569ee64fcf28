import { spreadPoint } from "../../numeric/low-discrepancy.js";
import { createRandom, deriveSeed } from "../../random/random.js";
import type { DesignSpace } from "../../space/design-space.js";

/**
 * A point of the design that a study starts with: the defaults, for whoever gives some knows something, with the middle of
 * each parameter that has none; then points that spread evenly over the cube, as if its centre had come first. The study's
 * seed decides which faces of the cube they start from and the order of its edges.
 *
 * @param index - from 0; number of the point
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
