import { z } from "zod";
import { limitsSchema, objectivesSchema, pickSchema } from "../aims/schema.js";
import { programObjectiveSchema, programSchema, programTrainingSchema } from "../plan/schema/program.js";
import { dataSetSchema, objectiveSchema } from "../plan/schema/training-plan.js";
import { HYPERBAND_EPOCHS_TEXT, prunerSchema } from "../pruner/contract/schema.js";
import { spaceSchema } from "../space/check/parameter-schema.js";
import {
  byType,
  fields,
  integer,
  isMapping,
  list,
  mapping,
  oneOf,
  real,
  text,
  withShorthand,
} from "../validation/schema.js";
import { FLAVOUR, FLAVOUR_EXPECTED, GPUS_MAX, isFlavour, MEMORY, type Resources } from "./resources.js";
import type {
  NetworkStudy,
  OracleName,
  OracleSettings,
  ProgramStudy,
  SearchLimit,
  SelectionRule,
  SelectionSettings,
  StudySpec,
} from "./study-spec.js";

/** The names of all oracles, the default first. */
export const ORACLE_NAMES = [
  "bayesian",
  "random",
  "quasi-random",
  "grid",
  "keras-tuner",
] as const satisfies readonly OracleName[];
const SELECTION_RULES = ["posterior-mean", "observed", "replicate"] as const satisfies readonly SelectionRule[];
/** Limit of the trials of a study, apart from those of the selection rule. */
export const BUDGET_TRIALS_MAX = 10_000;
const CONSTRAINTS_MAX = 32;
const ENQUEUED_MAX = 1_000;
const WARM_MAX = 1_000;

const share = real({ atLeast: 0, atMost: 1 }).exactOptional();
const shortText = text("a text of at most 2,000 characters", /^.{0,2000}$/su).exactOptional();

/** Limit of the epochs of a study's search. */
export const BUDGET_EPOCHS_MAX = 1_000_000_000;

/** The schemas of the limits of a search. Each limit except `maxTrials` may be absent. */
export const LIMIT_SCHEMAS = {
  maxTrials: integer(1, BUDGET_TRIALS_MAX),
  maxEpochs: integer(1, BUDGET_EPOCHS_MAX),
  /** Ten years of 365 days. */
  maxSeconds: real({ above: 0, atMost: 315_360_000 }),
  /** Ten years of 100 trainers. */
  maxTrainerSeconds: real({ above: 0, atMost: 31_536_000_000 }),
  minImprovement: real({ above: 0 }),
  maxGap: real({ above: 0 }),
} as const satisfies Record<SearchLimit, z.ZodType>;

const budgetSchema = fields({
  maxTrials: LIMIT_SCHEMAS.maxTrials,
  maxEpochs: LIMIT_SCHEMAS.maxEpochs.exactOptional(),
  maxSeconds: LIMIT_SCHEMAS.maxSeconds.exactOptional(),
  maxTrainerSeconds: LIMIT_SCHEMAS.maxTrainerSeconds.exactOptional(),
  minImprovement: LIMIT_SCHEMAS.minImprovement.exactOptional(),
  maxGap: LIMIT_SCHEMAS.maxGap.exactOptional(),
  executionsPerTrial: integer(1, 100).default(1),
  maxConsecutiveFailures: integer(1, 10_000).default(3),
  maxAttemptsPerTrial: integer(1, 100).default(3),
  maxSecondsPerTrial: LIMIT_SCHEMAS.maxSeconds.exactOptional(),
  parallelTrials: integer(1, 1_024).exactOptional(),
});

const FLAVOUR_TEXT = `a flavour of ${FLAVOUR_EXPECTED}`;

const resourcesSchema: z.ZodType<Resources> = fields({
  gpu: integer(0, GPUS_MAX).exactOptional(),
  flavour: text(FLAVOUR_TEXT, FLAVOUR).refine(isFlavour, { error: FLAVOUR_TEXT }).exactOptional(),
  memory: text("a whole number below 10,000 with the unit MiB, GiB or TiB, such as 8GiB", MEMORY).exactOptional(),
});

const publishedSchema = fields({
  source: shortText,
  valAccuracy: share,
  testAccuracy: share,
  testLoss: real({ atLeast: 0 }).exactOptional(),
  refitTestAccuracy: share,
  values: mapping(
    z.string(),
    z.union([real(), z.string()], "a number or a text"),
    "a mapping from names to values",
  ).exactOptional(),
});

/** The seed of a study. */
export const seedSchema = integer(0, 0xffffffff).default(0);

/** The oracle of a study. */
export const oracleSchema: z.ZodType<OracleSettings> = fields({
  type: oneOf(ORACLE_NAMES),
  faithful: z.boolean("true or false").exactOptional(),
  fidelity: oneOf(["epochs", "none"]).exactOptional(),
})
  .refine(({ type, faithful }) => type === "keras-tuner" || faithful === undefined, {
    path: ["faithful"],
    when: isMapping,
    error: "nothing: only the oracle keras-tuner has this field",
  })
  .refine(({ type, fidelity }) => type === "bayesian" || fidelity === undefined, {
    path: ["fidelity"],
    when: isMapping,
    error: "nothing: only the oracle bayesian has this field",
  })
  .default({ type: "bayesian" });

/** The selection rule of a study; a text stands for a rule with its defaults. */
const selectionSchema: z.ZodType<SelectionSettings> = withShorthand(
  z.preprocess(
    (value) => (typeof value === "string" ? { rule: value } : value),
    byType(
      SELECTION_RULES,
      [
        fields({ rule: oneOf(["posterior-mean", "observed"]) }),
        fields({
          rule: z.literal("replicate"),
          top: integer(2, 20).default(3),
          executions: integer(2, 100).default(5),
        }),
      ],
      "rule",
    ),
  ),
  { kind: "named", key: "rule", aliases: {} },
);

/** The texts of a study's constraints. `spaceFindings` parses them. */
export const constraintsSchema = list(text("a text of at most 500 characters", /^.{0,500}$/su), "constraints", [
  0,
  CONSTRAINTS_MAX,
]).exactOptional();

const values = mapping(
  z.string(),
  z.union([real(), z.boolean(), z.string()], "a number, a text, true or false"),
  "a mapping from names of parameters to values",
);

/** Enqueued values. `checkSpace` compares them with the space. */
export const enqueueSchema = list(values, "mappings", [0, ENQUEUED_MAX]).exactOptional();

/** Results of other studies. */
export const warmStartSchema = list(
  fields({ values, objective: real(), fidelity: real({ above: 0, atMost: 1 }).exactOptional() }),
  "results",
  [0, WARM_MAX],
).exactOptional();

/** A part with references. `checkPlans` checks it after resolving them. */
const template = z.custom<unknown>((value) => value !== undefined, "a mapping");

const name = text(
  "a name of 1 to 40 lower-case letters, digits and hyphens that starts with a letter",
  /^[a-z][a-z0-9-]{0,39}$/,
);

const commonFields = {
  objectives: objectivesSchema.exactOptional(),
  limits: limitsSchema.exactOptional(),
  pick: pickSchema.exactOptional(),
  testFront: z.boolean("true or false").exactOptional(),
  budget: budgetSchema,
  resources: resourcesSchema.exactOptional(),
  seed: seedSchema,
  oracle: oracleSchema,
  pruner: prunerSchema.exactOptional(),
  selection: selectionSchema.exactOptional(),
  parameters: spaceSchema,
  constraints: constraintsSchema,
  enqueue: enqueueSchema,
  warmStart: warmStartSchema,
};

/** A spec of a network's study, without the contents of `model` and `training`. */
export const networkStudySchema: z.ZodType<NetworkStudy> = fields({
  name,
  description: shortText,
  dataset: dataSetSchema,
  objective: objectiveSchema,
  ...commonFields,
  model: template,
  training: template,
  published: publishedSchema.exactOptional(),
});

/** A spec of a program's study. */
export const programStudySchema: z.ZodType<ProgramStudy> = fields({
  name,
  description: shortText,
  program: programSchema,
  objective: programObjectiveSchema,
  ...commonFields,
  training: programTrainingSchema.exactOptional(),
  published: publishedSchema.exactOptional(),
}).refine(
  ({ pruner, training }) =>
    pruner?.type !== "hyperband" || pruner.maxEpochs !== undefined || training?.maxEpochs !== undefined,
  { path: ["pruner", "maxEpochs"], error: HYPERBAND_EPOCHS_TEXT },
);

/** Returns the schema of a spec by what its trials train. */
export function studySpecSchema(value: unknown): z.ZodType<StudySpec> {
  return isMapping({ value }) && Object.hasOwn(value as object, "program") ? programStudySchema : networkStudySchema;
}
