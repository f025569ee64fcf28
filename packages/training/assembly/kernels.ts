// Passes over the float32 tensors of a training session, in AssemblyScript. Each pass computes the
// four lanes of a WebAssembly vector alike. Every operation rounds to float32, in the order of the
// source; sums are float64. Formulas and names are those of keras.optimizers 3.15.
//
//   count            number of values of a tensor
//   w, g             a weight (`weights`) and its gradient (`gradient`)
//   m, v             first and second moment (`momentum`, `velocity`)
//   other addresses  bytes in the session's memory, multiples of 16
//
// Zeros fill the last vector of each tensor and stay zeros.

const VECTOR_BYTES: usize = 16;
/** Address that stands for an absent tensor. No tensor begins at address 0. */
const NONE: usize = 0;

function end(count: i32): usize {
  return (<usize>count * 4 + VECTOR_BYTES - 1) & ~(VECTOR_BYTES - 1);
}

/**
 * Takes one step of Adam, after a decay of the weights:
 *
 *   w -= w decay
 *   m += (g - m) (1 - beta1)
 *   v += (g^2 - v) (1 - beta2)
 *   w -= m alpha / (sqrt(v) + epsilon)
 */
export function adam(
  count: i32,
  weights: usize,
  gradient: usize,
  momentum: usize,
  velocity: usize,
  alpha: f32,
  oneMinusBeta1: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
  decay: f32,
): void {
  const a = f32x4.splat(alpha);
  const b1 = f32x4.splat(oneMinusBeta1);
  const b2 = f32x4.splat(oneMinusBeta2);
  const e = f32x4.splat(epsilon);
  const d = f32x4.splat(decay);
  const stop = end(count);
  for (let i: usize = 0; i < stop; i += VECTOR_BYTES) {
    const g = v128.load(gradient + i);
    let m = v128.load(momentum + i);
    let v = v128.load(velocity + i);
    let w = v128.load(weights + i);
    w = f32x4.sub(w, f32x4.mul(w, d));
    m = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), b1));
    v = f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.mul(g, g), v), b2));
    w = f32x4.sub(w, f32x4.div(f32x4.mul(m, a), f32x4.add(f32x4.sqrt(v), e)));
    v128.store(momentum + i, m);
    v128.store(velocity + i, v);
    v128.store(weights + i, w);
  }
}

/**
 * Takes one step of stochastic gradient descent: w -= rate g. With an address for `momentum`:
 *
 *   m = m mu - rate g
 *   w += m,  or with Nesterov's momentum w += m mu - rate g
 */
export function sgd(
  count: i32,
  weights: usize,
  gradient: usize,
  momentum: usize,
  learningRate: f32,
  mu: f32,
  nesterov: bool,
): void {
  const rate = f32x4.splat(learningRate);
  const kept = f32x4.splat(mu);
  const stop = end(count);
  for (let i: usize = 0; i < stop; i += VECTOR_BYTES) {
    const w = v128.load(weights + i);
    const change = f32x4.mul(v128.load(gradient + i), rate);
    if (momentum === NONE) {
      v128.store(weights + i, f32x4.sub(w, change));
      continue;
    }
    const m = f32x4.sub(f32x4.mul(v128.load(momentum + i), kept), change);
    v128.store(momentum + i, m);
    v128.store(weights + i, f32x4.add(w, nesterov ? f32x4.sub(f32x4.mul(m, kept), change) : m));
  }
}

/**
 * Takes one step of RMSprop:
 *
 *   v = rho v + (1 - rho) g^2
 *   a = rho a + (1 - rho) g                         with an address for `average`, else a = 0
 *   change = rate g / sqrt(v - a^2 + epsilon)
 * m = mu m + change, w -= m                       with an address for `momentum`, else w -= change
 */
export function rmsprop(
  count: i32,
  weights: usize,
  gradient: usize,
  velocity: usize,
  average: usize,
  momentum: usize,
  learningRate: f32,
  rho: f32,
  oneMinusRho: f32,
  epsilon: f32,
  mu: f32,
): void {
  const rate = f32x4.splat(learningRate);
  const r = f32x4.splat(rho);
  const s = f32x4.splat(oneMinusRho);
  const e = f32x4.splat(epsilon);
  const kept = f32x4.splat(mu);
  const stop = end(count);
  for (let i: usize = 0; i < stop; i += VECTOR_BYTES) {
    const g = v128.load(gradient + i);
    const v = f32x4.add(f32x4.mul(r, v128.load(velocity + i)), f32x4.mul(s, f32x4.mul(g, g)));
    v128.store(velocity + i, v);
    let square = v;
    if (average !== NONE) {
      const mean = f32x4.add(f32x4.mul(r, v128.load(average + i)), f32x4.mul(s, g));
      v128.store(average + i, mean);
      square = f32x4.sub(v, f32x4.mul(mean, mean));
    }
    let change = f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(f32x4.add(square, e)));
    if (momentum !== NONE) {
      change = f32x4.add(f32x4.mul(kept, v128.load(momentum + i)), change);
      v128.store(momentum + i, change);
    }
    v128.store(weights + i, f32x4.sub(v128.load(weights + i), change));
  }
}

/** Computes values *= factor. */
export function scale(count: i32, values: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  const stop = end(count);
  for (let i: usize = 0; i < stop; i += VECTOR_BYTES) v128.store(values + i, f32x4.mul(v128.load(values + i), f));
}

/** Returns the sum of the squares. */
export function squareSum(count: i32, values: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const stop = end(count);
  for (let i: usize = 0; i < stop; i += VECTOR_BYTES) {
    const x = v128.load(values + i);
    const a = f64x2.promote_low_f32x4(x);
    const b = f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  return laneSum(f64x2.add(low, high));
}

/** Returns the sum of the absolute values. */
export function absoluteSum(count: i32, values: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const stop = end(count);
  for (let i: usize = 0; i < stop; i += VECTOR_BYTES) {
    const x = f32x4.abs(v128.load(values + i));
    low = f64x2.add(low, f64x2.promote_low_f32x4(x));
    high = f64x2.add(high, f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0)));
  }
  return laneSum(f64x2.add(low, high));
}

function laneSum(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** Adds the gradient of l1 sum |w| + l2 sum w^2: gradient += l1 sign(w) + 2 l2 w. */
export function addPenaltyGradient(count: i32, weights: usize, gradient: usize, l1: f32, twiceL2: f32): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(l1);
  const two = f32x4.splat(twiceL2);
  const stop = end(count);
  for (let i: usize = 0; i < stop; i += VECTOR_BYTES) {
    const w = v128.load(weights + i);
    const above = v128.and(f32x4.gt(w, zero), one);
    const below = v128.and(f32x4.lt(w, zero), one);
    const slope = f32x4.add(f32x4.sub(above, below), f32x4.mul(two, w));
    v128.store(gradient + i, f32x4.add(v128.load(gradient + i), slope));
  }
}

/** Computes average = average share + value (1 - share). */
export function movingAverage(count: i32, average: usize, value: usize, share: f32, oneMinusShare: f32): void {
  const kept = f32x4.splat(share);
  const gained = f32x4.splat(oneMinusShare);
  const stop = end(count);
  for (let i: usize = 0; i < stop; i += VECTOR_BYTES) {
    const sum = f32x4.add(f32x4.mul(v128.load(average + i), kept), f32x4.mul(v128.load(value + i), gained));
    v128.store(average + i, sum);
  }
}

/**
 * Fills a dropout mask as model/dropout-mask.ts does: a value is 0 if the next word of
 * xoshiro128** 1.1 is below `dropped`, else `kept`.
 *
 * @param a, b, c, d - state of the generator
 * @param dropped - at most 2^32
 */
export function dropoutMask(count: i32, mask: usize, a: u32, b: u32, c: u32, d: u32, dropped: f64, kept: f32): void {
  const limit = <u64>dropped;
  const bits = reinterpret<u32>(kept);
  const stop = mask + <usize>count * 4;
  for (let at = mask; at < stop; at += 4) {
    const word = rotl<u32>(b * 5, 7) * 9;
    // The bits of `kept` or of 0, without a branch, which processors could not predict.
    store<u32>(at, bits & (0 - u32(<u64>word >= limit)));
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotl<u32>(d, 11);
  }
}
