import { z } from "zod";
import { byType, fields, integer, list, named, real } from "../../validation/schema.js";

const STEPS_MAX = 2 ** 31 - 1;
const BOUNDARIES_MAX = 100;

const positive = real({ above: 0 });
const notNegative = real({ atLeast: 0 });
const share = real({ atLeast: 0, atMost: 1 });
const belowOne = real({ atLeast: 0, below: 1 });

const scheduleSchema = byType(
  ["CosineDecay", "ExponentialDecay", "PiecewiseConstantDecay"],
  [
    fields({
      type: z.literal("CosineDecay"),
      initialLearningRate: notNegative,
      decaySteps: integer(1, STEPS_MAX),
      alpha: share.default(0),
      warmupTarget: positive.exactOptional(),
      warmupSteps: integer(0, STEPS_MAX).default(0),
    }),
    fields({
      type: z.literal("ExponentialDecay"),
      initialLearningRate: positive,
      decaySteps: integer(1, STEPS_MAX),
      decayRate: positive,
      staircase: z.boolean("true or false").default(false),
    }),
    fields({
      type: z.literal("PiecewiseConstantDecay"),
      boundaries: list(integer(0, STEPS_MAX), "steps", [1, BOUNDARIES_MAX]).refine(
        (steps) => steps.every((step, i) => i === 0 || step > (steps[i - 1] as number)),
        "steps that rise",
      ),
      values: list(notNegative, "learning rates", [2, BOUNDARIES_MAX + 1]),
    }).refine(({ boundaries, values }) => values.length === boundaries.length + 1, {
      path: ["values"],
      error: "one learning rate more than boundaries",
    }),
  ],
);

const rate = z.union([positive, scheduleSchema], {
  error: ({ input }) =>
    typeof input === "number" ? "a number above 0" : "a number above 0 or a learning-rate schedule",
});

const base = {
  clipNorm: positive.exactOptional(),
  globalClipNorm: positive.exactOptional(),
};

const adam = { beta1: belowOne.default(0.9), beta2: belowOne.default(0.999), epsilon: positive.default(1e-7) };

const oneClip = {
  path: ["globalClipNorm"],
  error: "nothing beside clipNorm, for a gradient is clipped in one way only",
};

function clipsOnce({ clipNorm, globalClipNorm }: { clipNorm?: number; globalClipNorm?: number }): boolean {
  return clipNorm === undefined || globalClipNorm === undefined;
}

/** Arguments and defaults as in Keras. */
export const optimizerSchema = named(
  byType(
    ["adam", "adamw", "sgd", "rmsprop"],
    [
      fields({ type: z.literal("adam"), learningRate: rate.default(0.001), ...adam, ...base }).refine(
        clipsOnce,
        oneClip,
      ),
      fields({
        type: z.literal("adamw"),
        learningRate: rate.default(0.001),
        weightDecay: notNegative.default(0.004),
        ...adam,
        ...base,
      }).refine(clipsOnce, oneClip),
      fields({
        type: z.literal("sgd"),
        learningRate: rate.default(0.01),
        momentum: share.default(0),
        nesterov: z.boolean("true or false").default(false),
        ...base,
      }).refine(clipsOnce, oneClip),
      fields({
        type: z.literal("rmsprop"),
        learningRate: rate.default(0.001),
        rho: belowOne.default(0.9),
        momentum: belowOne.default(0),
        epsilon: positive.default(1e-7),
        centered: z.boolean("true or false").default(false),
        ...base,
      }).refine(clipsOnce, oneClip),
    ],
  ),
  { Adam: "adam", AdamW: "adamw", SGD: "sgd", RMSprop: "rmsprop" },
);
