import type { Initializer, VarianceScaling } from "@sintonia/tuning/plan/training-plan";
import type { Random } from "@sintonia/tuning/random/random";
import { TRUNCATED_STDDEV, truncatedNormal } from "./truncated-normal.js";

/**
 * Glorot, Bengio 2010, eq. 16: a compromise that preserves the variance of activations and
 * gradients.
 */
const GLOROT = { scale: 1, mode: "fan_avg" } as const;
/** He, Zhang, Ren, Sun 2015, eq. 10: preserves the variance of activations under ReLU. */
const HE = { scale: 2, mode: "fan_in" } as const;
/**
 * LeCun, Bottou, Orr, Müller 1998, eq. 16: preserves the variance of activations of slope 1 at 0.
 */
const LECUN = { scale: 1, mode: "fan_in" } as const;

const type = "VarianceScaling";
const NORMAL = "truncated_normal";

/** The initializers that are special cases of VarianceScaling. */
const NAMED = {
  GlorotNormal: { type, ...GLOROT, distribution: NORMAL },
  GlorotUniform: { type, ...GLOROT, distribution: "uniform" },
  HeNormal: { type, ...HE, distribution: NORMAL },
  HeUniform: { type, ...HE, distribution: "uniform" },
  LecunNormal: { type, ...LECUN, distribution: NORMAL },
  LecunUniform: { type, ...LECUN, distribution: "uniform" },
} satisfies Readonly<Record<string, VarianceScaling>>;

/** Returns the variance scaling that an initializer stands for. */
export function varianceScaling(
  initializer: VarianceScaling | Extract<Initializer, { readonly type: keyof typeof NAMED }>,
): VarianceScaling {
  return initializer.type === "VarianceScaling" ? initializer : NAMED[initializer.type];
}

/**
 * Returns a sampler of mean 0 and variance scale / fan.
 *
 * @param shape - (inputs, units) of a kernel, or (units,) of a bias. As in Keras, both fans of a
 * bias are its number of units.
 */
export function scaledByFans(
  { scale, mode, distribution }: VarianceScaling,
  shape: readonly number[],
  random: Random,
): () => number {
  const variance = scale / Math.max(1, fan(mode, shape));
  switch (distribution) {
    case "truncated_normal": {
      const stddev = Math.sqrt(variance) / TRUNCATED_STDDEV;
      return () => stddev * truncatedNormal(random);
    }
    case "untruncated_normal": {
      const stddev = Math.sqrt(variance);
      return () => stddev * random.normal();
    }
    case "uniform": {
      const limit = Math.sqrt(3 * variance);
      return () => limit * (2 * random.uniform() - 1);
    }
  }
}

function fan(mode: VarianceScaling["mode"], [inputs = 1, units = inputs]: readonly number[]): number {
  switch (mode) {
    case "fan_in":
      return inputs;
    case "fan_out":
      return units;
    case "fan_avg":
      return (inputs + units) / 2;
  }
}
