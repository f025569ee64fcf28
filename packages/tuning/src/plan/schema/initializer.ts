import { z } from "zod";
import { byType, fields, named, oneOf, real } from "../../validation/schema.js";

/** Aliases of initializers in Keras. */
const ALIASES: Readonly<Record<string, string>> = {
  zeros: "Zeros",
  zero: "Zeros",
  ones: "Ones",
  one: "Ones",
  constant: "Constant",
  identity: "Identity",
  IdentityInitializer: "Identity",
  orthogonal: "Orthogonal",
  OrthogonalInitializer: "Orthogonal",
  random_normal: "RandomNormal",
  normal: "RandomNormal",
  random_uniform: "RandomUniform",
  uniform: "RandomUniform",
  truncated_normal: "TruncatedNormal",
  variance_scaling: "VarianceScaling",
  glorot_normal: "GlorotNormal",
  glorot_uniform: "GlorotUniform",
  he_normal: "HeNormal",
  he_uniform: "HeUniform",
  lecun_normal: "LecunNormal",
  lecun_uniform: "LecunUniform",
};

const VECTOR_TYPES = [
  "Zeros",
  "Ones",
  "Constant",
  "RandomNormal",
  "RandomUniform",
  "TruncatedNormal",
  "VarianceScaling",
  "GlorotNormal",
  "GlorotUniform",
  "HeNormal",
  "HeUniform",
  "LecunNormal",
  "LecunUniform",
] as const;

const stddev = real({ atLeast: 0 }).default(0.05);

const VECTOR_OPTIONS = [
  fields({ type: z.enum(["Zeros", "Ones"]) }),
  fields({ type: z.literal("Constant"), value: real().default(0) }),
  fields({ type: z.enum(["RandomNormal", "TruncatedNormal"]), mean: real().default(0), stddev }),
  fields({ type: z.literal("RandomUniform"), minval: real().default(-0.05), maxval: real().default(0.05) }).refine(
    ({ minval, maxval }) => minval <= maxval,
    { path: ["minval"], error: "a number of at most maxval" },
  ),
  fields({
    type: z.literal("VarianceScaling"),
    scale: real({ above: 0 }).default(1),
    mode: oneOf(["fan_in", "fan_out", "fan_avg"]).default("fan_in"),
    distribution: named(oneOf(["truncated_normal", "untruncated_normal", "uniform"]), {
      normal: "truncated_normal",
    }).default("truncated_normal"),
  }),
  fields({
    type: z.enum(["GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform"]),
  }),
] as const;

const matrixOption = fields({ type: z.enum(["Identity", "Orthogonal"]), gain: real().default(1) });

/**
 * Initializer of a bias: Identity and Orthogonal are for matrices only. Names, aliases and defaults
 * as in Keras.
 */
export const biasInitializerSchema = named(byType(VECTOR_TYPES, VECTOR_OPTIONS), ALIASES);

/** Initializer of a kernel. */
export const kernelInitializerSchema = named(
  byType([...VECTOR_TYPES, "Identity", "Orthogonal"], [...VECTOR_OPTIONS, matrixOption]),
  ALIASES,
);
