// The error function and its complements, by rational approximations on three intervals of x.
//
//   erf(x)     2/√π ∫ exp(-t²) dt from 0 to x
//   erfc(x)    1 - erf(x)
//   erfcx(x)   exp(x²) erfc(x)
//
// W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969). The
// coefficients are those of his program CALERF; the relative error before rounding is below 6e-19.

const SQRT_PI_INVERSE = 0.5641895835477563;

/** A rational function: coefficients of both polynomials, highest power first. */
interface Rational {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

/** erf(x) / x as a function of x², for |x| ≤ 0.46875. */
const NEAR_ZERO: Rational = {
  numerator: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  denominator: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
};

/** erfcx(x) as a function of x, for 0.46875 ≤ x ≤ 4. */
const MIDDLE: Rational = {
  numerator: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  denominator: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
};

/** (1/√π - x erfcx(x)) x² as a function of 1/x², for x ≥ 4. */
const TAIL: Rational = {
  numerator: [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  denominator: [
    1, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
  ],
};

/** Returns the error function erf(x). */
export function erf(x: number): number {
  if (Math.abs(x) <= 0.46875) return x * evaluate(NEAR_ZERO, x * x);
  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
}

/** Returns the complementary error function erfc(x), with full relative accuracy for large x. */
export function erfc(x: number): number {
  if (x < 0.46875) return x < -0.46875 ? 2 - erfc(-x) : 1 - erf(x);
  return expOfMinusSquare(x) * erfcx(x);
}

/**
 * Returns the scaled complementary error function erfcx(x), accurate where erfc(x) underflows.
 *
 * @returns Infinity for x below about -26.7
 */
export function erfcx(x: number): number {
  if (x < -0.46875) return 2 / expOfMinusSquare(x) - erfcx(-x);
  if (x <= 0.46875) return (1 - erf(x)) / expOfMinusSquare(x);
  if (x <= 4) return evaluate(MIDDLE, x);
  const z = 1 / (x * x);
  return (SQRT_PI_INVERSE - z * evaluate(TAIL, z)) / x;
}

/**
 * Returns exp(-x²) as the product exp(-h²) exp(-(x - h)(x + h)), where h is x truncated to
 * sixteenths. h² is exact, so the rounding error of x² does not enter.
 */
function expOfMinusSquare(x: number): number {
  if (!Number.isFinite(x)) return 0;
  const high = Math.trunc(x * 16) / 16;
  return Math.exp(-high * high) * Math.exp(-(x - high) * (x + high));
}

function evaluate({ numerator, denominator }: Rational, x: number): number {
  return horner(numerator, x) / horner(denominator, x);
}

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = 0; i < coefficients.length; i++) sum = sum * x + (coefficients[i] as number);
  return sum;
}
