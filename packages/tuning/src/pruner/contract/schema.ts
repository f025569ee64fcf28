import { z } from "zod";
import { byType, fields, integer, isMapping, real, withShorthand } from "../../validation/schema.js";
import type { PrunerSettings } from "./settings.js";

const TRIALS_MAX = 10_000;
const EPOCHS_MAX = 10_000;

/** What `hyperband` needs where no plan states the number of epochs. */
export const HYPERBAND_EPOCHS_TEXT = "the largest number of epochs, here or as training.maxEpochs";
/** A rung with a larger factor than this would promote hardly any trial. */
const REDUCTION_FACTOR_MAX = 100;

/** The names of all pruners, the default first. */
export const PRUNER_NAMES = [
  "none",
  "median",
  "percentile",
  "threshold",
  "wilcoxon",
  "asha",
  "hyperband",
  "curve",
] as const satisfies readonly PrunerSettings["type"][];

/** For each pruner that has a key without a default the form to write instead of a text. */
const WITHOUT_DEFAULTS: Readonly<Record<string, string>> = {
  percentile: "{ type: percentile, percentile: 25 }",
  threshold: "{ type: threshold, lower: 0.2 }",
};

const epochs = {
  warmupEpochs: integer(0, EPOCHS_MAX).default(0),
  interval: integer(1, EPOCHS_MAX).default(1),
};

const comparison = {
  startupTrials: integer(0, TRIALS_MAX).default(5),
  ...epochs,
  minTrials: integer(1, TRIALS_MAX).default(1),
};

const threshold = fields({
  type: z.literal("threshold"),
  lower: real().exactOptional(),
  upper: real().exactOptional(),
  ...epochs,
})
  .refine(({ lower, upper }) => lower !== undefined || upper !== undefined, {
    when: isMapping,
    error: "lower, upper or both",
  })
  .refine(({ lower = -Infinity, upper = Infinity }) => lower <= upper, {
    path: ["upper"],
    error: "a number of at least lower",
  });

const minEpochs = integer(1, EPOCHS_MAX).default(1);

const wilcoxon = fields({
  type: z.literal("wilcoxon"),
  pThreshold: real({ above: 0, below: 1 }).default(0.1),
  startupSteps: integer(0, EPOCHS_MAX).default(2),
});

const asha = fields({
  type: z.literal("asha"),
  minEpochs,
  reductionFactor: integer(2, REDUCTION_FACTOR_MAX).default(4),
});

const hyperband = fields({
  type: z.literal("hyperband"),
  minEpochs,
  maxEpochs: integer(1, EPOCHS_MAX).exactOptional(),
  reductionFactor: integer(2, REDUCTION_FACTOR_MAX).default(3),
}).refine(({ minEpochs, maxEpochs = Infinity }) => minEpochs <= maxEpochs, {
  path: ["maxEpochs"],
  error: "a number of at least minEpochs",
});

const curve = fields({
  type: z.literal("curve"),
  risk: real({ above: 0, below: 1 }).exactOptional(),
  finalists: integer(1, TRIALS_MAX).exactOptional(),
});

/** The pruner that a mapping without a type stands for. */
const WITHOUT_TYPE = "curve";

/**
 * The pruner of a study; a text stands for a pruner with its defaults, and a mapping without a type
 * for the pruner `curve`.
 */
export const prunerSchema: z.ZodType<PrunerSettings> = withShorthand(
  z.preprocess(
    (value, context) => {
      if (isMapping({ value }) && !Array.isArray(value)) return { type: WITHOUT_TYPE, ...(value as object) };
      if (typeof value !== "string") return value;
      const form = Object.hasOwn(WITHOUT_DEFAULTS, value) ? WITHOUT_DEFAULTS[value] : undefined;
      if (form === undefined) return { type: value };
      context.addIssue({ code: "custom", message: `a mapping, such as ${form}` });
      return z.NEVER;
    },
    byType(PRUNER_NAMES, [
      fields({ type: z.literal("none") }),
      fields({ type: z.literal("median"), ...comparison }),
      fields({ type: z.literal("percentile"), percentile: real({ atLeast: 0, atMost: 100 }), ...comparison }),
      threshold,
      wilcoxon,
      asha,
      hyperband,
      curve,
    ]),
  ),
  { kind: "named", key: "type", aliases: {}, fallback: WITHOUT_TYPE },
);
