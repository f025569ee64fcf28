import { z } from "zod";
import { fields, integer, list, mapping, oneOf, real, text } from "../../validation/schema.js";
import { addressSchema, textOrAddress } from "../file/address-schema.js";
import { COLUMN_TYPES, FILE_FORMATS, type FileDataSet, formatOfName, MISSING_RULES } from "./file-data-set.js";

const COLUMNS_MAX = 100_000;
const NAME_CHARACTERS_MAX = 1_000;
/** Largest file that is stored, 2 GiB. */
const FILE_BYTES_MAX = 2 ** 31;

const path = textOrAddress(
  /^(?![/\\~])(?!\w+:)(?!(.*[/\\])?\.\.([/\\]|$))[^\p{Cc}]{1,1000}$/u,
  "the path of a file in or below the folder of the spec, such as data/wine.csv",
);
const column = text(
  `the name of a column, with 1 to ${NAME_CHARACTERS_MAX} characters`,
  new RegExp(`^[^]{1,${NAME_CHARACTERS_MAX}}$`),
);
const columns = list(column, "names of columns", [0, COLUMNS_MAX]);
const trueOrFalse = z.boolean("true or false");
const share = real({ atLeast: 0, below: 1 });

const split = fields({
  validation: share.exactOptional(),
  test: real({ above: 0, below: 1 }).exactOptional(),
  folds: integer(2, 100).exactOptional(),
  stratify: trueOrFalse.exactOptional(),
  group: column.exactOptional(),
  time: column.exactOptional(),
  seed: integer(0, 0xffffffff).exactOptional(),
});

const fileRef = fields({
  sha256: text("64 lower-case hexadecimal digits", /^[0-9a-f]{64}$/),
  sizeBytes: integer(0, FILE_BYTES_MAX),
  source: addressSchema.exactOptional(),
});

const classWeights = mapping(z.string(), real({ above: 0 }), "a weight above 0 for each class, or balanced");

/** Schema of a `FileDataSet`, with the rules between its fields. */
export const fileDataSetSchema: z.ZodType<FileDataSet> = fields({
  path: path.exactOptional(),
  train: path.exactOptional(),
  validation: path.exactOptional(),
  test: path.exactOptional(),
  format: oneOf(FILE_FORMATS).exactOptional(),
  separator: text("one ASCII character other than a quote or a line break", /^[\t !#-~]$/).exactOptional(),
  inputs: list(column, "names of columns", [1, COLUMNS_MAX]).exactOptional(),
  ignore: columns.exactOptional(),
  target: z.union([column, list(column, "names of columns", [1, 1_000])], "the name of a column, or a list of names"),
  task: oneOf(["classification", "regression"]),
  columns: mapping(column, oneOf(COLUMN_TYPES), "a type for each column").exactOptional(),
  missing: oneOf(MISSING_RULES).exactOptional(),
  standardize: trueOrFalse.exactOptional(),
  sampleWeight: column.exactOptional(),
  classWeight: z.union([z.literal("balanced"), classWeights], "balanced, or a weight for each class").exactOptional(),
  split: split.exactOptional(),
  files: mapping(z.string(), fileRef, "a hash and a size for each file").exactOptional(),
}).superRefine((plan, context) => {
  for (const { path, expected } of ruleFindings(plan)) context.addIssue({ code: "custom", path, message: expected });
});

interface RuleFinding {
  readonly path: string[];
  readonly expected: string;
}

/** Returns findings where valid fields do not fit together. */
function ruleFindings(plan: FileDataSet): RuleFinding[] {
  return [
    ...fileFindings(plan),
    ...formatFindings(plan),
    ...roleFindings(plan),
    ...taskFindings(plan),
    ...splitFindings(plan),
  ];
}

function fileFindings({ path, train, validation, test }: FileDataSet): RuleFinding[] {
  if (path === undefined && train === undefined) {
    return [{ path: ["path"], expected: "the path of a file (or train, validation and test, a file for each split)" }];
  }
  if (path === undefined) return [];
  const others = Object.entries({ train, validation, test }).filter(([, file]) => file !== undefined);
  return others.map(([name]) => ({
    path: [name],
    expected: "no file for a split beside path; name the first file train",
  }));
}

function formatFindings(plan: FileDataSet): RuleFinding[] {
  if (plan.format !== undefined) return [];
  const files = Object.entries({ path: plan.path, train: plan.train, validation: plan.validation, test: plan.test });
  const endings = FILE_FORMATS.map((format) => `.${format}`).join(", ");
  const expected = `a name that ends in one of ${endings} (also with .gz), or a format`;
  return files
    .filter(([, file]) => file !== undefined && formatOfName(file) === undefined)
    .map(([name]) => ({ path: [name], expected }));
}

/** Refuses a column that has two roles which exclude each other. */
function roleFindings(plan: FileDataSet): RuleFinding[] {
  const targets = targetsOf(plan);
  const findings: RuleFinding[] = [];
  const refuse = (path: string[], expected: string) => findings.push({ path, expected });
  const ignored = new Set(plan.ignore);
  if (new Set(targets).size < targets.length) refuse(["target"], "names that differ");
  for (const name of targets) if (ignored.has(name)) refuse(["ignore"], `columns other than the target ${name}`);
  for (const name of plan.inputs ?? []) {
    if (targets.includes(name)) refuse(["inputs"], `columns other than the target ${name}`);
    else if (ignored.has(name)) refuse(["ignore"], `columns other than the input ${name}`);
    else if (name === plan.sampleWeight) refuse(["inputs"], `columns other than the sampleWeight ${name}`);
  }
  if (plan.sampleWeight !== undefined && targets.includes(plan.sampleWeight)) {
    refuse(["sampleWeight"], "a column other than the target");
  }
  return findings;
}

function taskFindings({ task, target, classWeight, split }: FileDataSet): RuleFinding[] {
  const several = typeof target !== "string" && target.length > 1;
  return [
    ...(task === "classification" && several
      ? [{ path: ["target"], expected: "one column for a classification" }]
      : []),
    ...(task === "regression" && classWeight !== undefined
      ? [{ path: ["classWeight"], expected: "no classWeight for a regression; sampleWeight names a column of weights" }]
      : []),
    ...(task === "regression" && split?.stratify === true
      ? [{ path: ["split", "stratify"], expected: "false for a regression, which has no classes" }]
      : []),
  ];
}

function splitFindings({ split = {}, validation, test }: FileDataSet): RuleFinding[] {
  const findings: RuleFinding[] = [];
  const refuse = (name: string, expected: string) => findings.push({ path: ["split", name], expected });
  const oneSplit = "nothing, for the plan names a file for this split";
  if (validation !== undefined && split.validation !== undefined) refuse("validation", oneSplit);
  if (validation !== undefined && split.folds !== undefined)
    refuse("folds", "nothing, for the plan names a validation file");
  if (test !== undefined && split.test !== undefined) refuse("test", oneSplit);
  if (split.folds !== undefined && split.validation !== undefined)
    refuse("validation", "nothing beside folds, each of which is the validation once");
  if (split.group !== undefined && split.time !== undefined) refuse("time", "either group or time");
  if (split.stratify === true && (split.group ?? split.time) !== undefined)
    refuse("stratify", "false together with group or time");
  if ((split.validation ?? 0) + (split.test ?? 0) >= 1)
    refuse("validation", "shares of validation and test that leave rows to train");
  return findings;
}

function targetsOf({ target }: FileDataSet): readonly string[] {
  return typeof target === "string" ? [target] : target;
}
