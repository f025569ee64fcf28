import { z } from "zod";
import { GOALS } from "../../objective/goal.js";
import { byType, fields, integer, list, mapping, oneOf, real, text } from "../../validation/schema.js";
import { addressSchema } from "../file/address-schema.js";
import type { StoredFile } from "../file/stored-file.js";
import type {
  MetricSource,
  Program,
  ProgramObjective,
  ProgramPlan,
  ProgramTest,
  TestedTrial,
} from "../program-plan.js";
import { trainingSchema } from "./training-plan.js";

const WORDS_MAX = 1_000;
const FILES_MAX = 1_000;

const word = text("a text of at most 10,000 characters", /^[^\0]{0,10000}$/su);
const name = text("a text of 1 to 100 printable characters", /^[^\p{C}]{1,100}$/u);

/** A path that stays inside the working folder. */
const innerPath = text("a path inside the folder, with / between names", /^[^\0/\\][^\0\\]{0,999}$/su).refine(
  (path) => !path.split("/").some((part) => part === ".." || part === ""),
  "a path inside the folder, with / between names",
);

const file: z.ZodType<StoredFile> = fields({
  sha256: text("a SHA-256 of 64 lower-case hexadecimal digits", /^[0-9a-f]{64}$/),
  sizeBytes: integer(0, 2 ** 31),
  source: addressSchema.exactOptional(),
  executable: z.boolean("true or false").exactOptional(),
});

/** Schema of files with their content, as a plan has them. */
export const filesSchema = mapping(innerPath, file, "a mapping from paths to files").refine(
  (named) => Object.keys(named).length <= FILES_MAX,
  `at most ${FILES_MAX} files`,
);

/** Schema of paths of files and folders beside the spec's file, whose content is not known yet. */
export const pathsSchema = list(text("a path of 1 to 1,000 characters", /^[^\0]{1,1000}$/su), "paths", [0, FILES_MAX]);

const pattern = text("name=value, json-lines, or a regular expression with the groups name and value", /^.{1,1000}$/su)
  .refine(isPattern, "name=value, json-lines, or a regular expression with the groups name and value")
  .default("name=value");

const metrics: z.ZodType<MetricSource> = byType(
  ["report", "stdout", "file"],
  [
    fields({ from: z.literal("report") }),
    fields({ from: z.literal("stdout"), pattern }),
    fields({ from: z.literal("file"), path: innerPath, pattern }),
  ],
  "from",
);

const command = list(word, "words", [1, WORDS_MAX]);

const shape = {
  command,
  metrics: metrics.default({ from: "report" }),
  environment: mapping(
    text("the name of a variable", /^(?!SINTONIA_)[A-Za-z_][A-Za-z0-9_]{0,99}$/),
    word,
    "a mapping from names of variables to texts",
  ).exactOptional(),
  timeoutSeconds: real({ atLeast: 1, atMost: 2_592_000 }).exactOptional(),
  graceSeconds: real({ atLeast: 0, atMost: 3_600 }).default(30),
  keep: oneOf(["best-epoch", "last-epoch"]).default("best-epoch"),
};

const test: z.ZodType<ProgramTest> = fields({ command });

/** Schema of the program of a study spec: its files may be paths. */
export const programSchema = fields({
  ...shape,
  test: test.exactOptional(),
  files: z
    .union(
      [filesSchema, pathsSchema],
      "a list of paths beside the spec, or a mapping from paths inside the folder to files",
    )
    .exactOptional(),
});

/** What `training.maxEpochs` of a program, or of a dialogue, may be. */
export const EPOCHS_TEXT =
  "a whole number from 1 to 10,000, or a reference such as $epochs to a parameter with such numbers";

/** Schema of the training of a study spec with a program. */
export const programTrainingSchema = fields({
  maxEpochs: z.union([trainingSchema.shape.maxEpochs, text(EPOCHS_TEXT, /^\$/)], EPOCHS_TEXT),
});

/** Schema of the objective of a program's study. */
export const programObjectiveSchema: z.ZodType<ProgramObjective> = fields({ metric: name, goal: oneOf(GOALS) });

const planProgram: z.ZodType<Program> = fields({ ...shape, files: filesSchema.exactOptional() });

const testedTrial: z.ZodType<TestedTrial> = fields({
  trialId: text("1 to 9 digits", /^[0-9]{1,9}$/),
  artifacts: file,
});

/** Schema of `ProgramPlan`. */
export const programPlanSchema: z.ZodType<ProgramPlan> = fields({
  program: planProgram,
  training: fields({ maxEpochs: trainingSchema.shape.maxEpochs }).exactOptional(),
  objective: programObjectiveSchema,
  values: mapping(
    z.string(),
    z.union([real(), z.boolean(), z.string()], "a number, a text, true or false"),
    "a mapping from names of parameters to values",
  ),
  seeds: list(integer(0, 0xffffffff), "seeds", [1, 100]),
  tests: testedTrial.exactOptional(),
});

function isPattern(given: string): boolean {
  if (given === "name=value" || given === "json-lines") return true;
  try {
    new RegExp(given, "u");
  } catch {
    return false;
  }
  return given.includes("(?<name>") && given.includes("(?<value>");
}
