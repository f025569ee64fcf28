import type { Examples, Targets } from "@sintonia/training/dataset/examples";
import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { columnFindings } from "../column/findings.js";
import { contentError } from "../error/data-error.js";
import {
  type Classes,
  classesOf,
  classTargets,
  refuseUnknownClasses,
  type TableRows,
  valueNames,
  valueTargets,
} from "../examples/targets.js";
import { trainingWeights } from "../examples/weights.js";
import { encodeRows } from "../preparation/encode.js";
import { fitColumn } from "../preparation/fit.js";
import { featureCount, PREPARATION_VERSION, type Preparation } from "../preparation/preparation.js";
import { splitTable } from "../split/split-table.js";
import type { Column, Table } from "../table/table.js";
import { keptRows } from "./kept-rows.js";
import type { PreparedData, SplitName } from "./prepared-data.js";
import {
  type FileProgress,
  type MainTable,
  type OpenSettings,
  type PathOf,
  readMainTable,
  readOtherTable,
} from "./tables.js";

/** The options of `openFileDataSet`. */
export interface OpenOptions {
  readonly onProgress?: FileProgress;
  /** The fold that is the validation, from 0, of a plan with folds. @default 0 */
  readonly fold?: number;
  /** The splits whose examples are wanted. A file of another split is not read. @default all */
  readonly splits?: readonly SplitName[];
}

/** Rows of each split and the table that has them. */
type SplitRows = Readonly<Record<SplitName, TableRows>>;

const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/**
 * Reads the files of a data set, divides and prepares their rows. The result depends on the plan,
 * the bytes of the files and the fold alone.
 *
 * @param pathOf - returns the place of a file that the plan names
 * @throws {DataError}
 */
export async function openFileDataSet(
  plan: FileDataSet,
  pathOf: PathOf,
  options: OpenOptions = {},
): Promise<PreparedData> {
  const { onProgress = () => undefined, fold = 0, splits = SPLITS } = options;
  const main = await readMainTable(plan, { pathOf, onProgress });
  const findings = columnFindings(main.table, main.roles.inputs);
  const kept = keptRows(plan, main.table, main.roles);
  const classes =
    plan.task === "classification" ? classesOf(main.roles.targets[0] as string, main.table, kept) : undefined;
  const rows = await divide(
    plan,
    main,
    kept,
    classes,
    fold,
    await readOthers(plan, main, splits, { pathOf, onProgress }),
  );
  if (classes !== undefined) checkClasses(classes, main.roles.targets[0] as string, rows);
  const preparation = fit(plan, main, rows.train.rows, classes);
  const outputs = preparation.classes?.length ?? preparation.targets.length;
  const examples = buildExamples(plan, main, rows, preparation, classes, splits);
  return { ...examples, rows: rowNumbers(rows), features: preparation.features, outputs, preparation, findings };
}

/** Reads the files of the other splits that are wanted. */
async function readOthers(
  plan: FileDataSet,
  main: MainTable,
  splits: readonly SplitName[],
  settings: OpenSettings,
): Promise<ReadonlyMap<SplitName, Table>> {
  const tables = new Map<SplitName, Table>();
  for (const split of ["validation", "test"] as const) {
    const file = plan[split];
    if (file !== undefined && splits.includes(split))
      tables.set(split, await readOtherTable(file, plan, main, settings));
  }
  return tables;
}

function divide(
  plan: FileDataSet,
  { table, roles }: MainTable,
  kept: Uint32Array,
  classes: Classes | undefined,
  fold: number,
  others: ReadonlyMap<SplitName, Table>,
): SplitRows {
  const given = { validation: plan.validation !== undefined, test: plan.test !== undefined };
  const split = splitTable(plan, table, { rows: kept, given, fold, classOf: classes?.indexOf(table) });
  if (split.train.length === 0) throw contentError({ file: table.file }, "no row is left to train");
  const rowsOf = (name: SplitName): TableRows => {
    const other = others.get(name);
    return other === undefined ? { table, rows: split[name] } : { table: other, rows: keptRows(plan, other, roles) };
  };
  return { train: rowsOf("train"), validation: rowsOf("validation"), test: rowsOf("test") };
}

function checkClasses(classes: Classes, target: string, { train, validation, test }: SplitRows): void {
  refuseUnknownClasses(classes, target, train, validation, "validation");
  refuseUnknownClasses(classes, target, train, test, "test");
}

function fit(
  plan: FileDataSet,
  { table, roles, types }: MainTable,
  train: Uint32Array,
  classes: Classes | undefined,
): Preparation {
  const columns = [...types].map(([name, type]) =>
    fitColumn(table.columns.get(name) as Column, type, table, train, plan),
  );
  return {
    version: PREPARATION_VERSION,
    task: plan.task,
    columns,
    features: columns.reduce((sum, column) => sum + featureCount(column), 0),
    targets: classes === undefined ? valueNames(roles.targets, table) : roles.targets,
    ...(classes === undefined ? {} : { classes: classes.names }),
    ...(plan.missing === undefined ? {} : { missing: plan.missing }),
  };
}

/** Builds the examples of the wanted splits. The chunks of the tables are dropped on the way. */
function buildExamples(
  plan: FileDataSet,
  { roles }: MainTable,
  rows: SplitRows,
  preparation: Preparation,
  classes: Classes | undefined,
  splits: readonly SplitName[],
): Partial<Record<SplitName, Examples>> {
  const wanted = SPLITS.filter((split) => splits.includes(split) && rows[split].rows.length > 0);
  const targets = new Map(
    wanted.map((split): [SplitName, Targets] => {
      const { table, rows: own } = rows[split];
      return [
        split,
        classes === undefined ? valueTargets(roles.targets, table, own) : classTargets(classes, table, own),
      ];
    }),
  );
  const { table, rows: own } = rows.train;
  const trained = targets.get("train");
  const weights = trained && trainingWeights(plan, table, own, trained, classes?.names ?? []);
  const inputs = encodeSplits(preparation, rows, wanted);
  return Object.fromEntries(
    wanted.map((split) => [
      split,
      examplesOf(preparation, inputs, targets, split, split === "train" ? weights : undefined),
    ]),
  );
}

function examplesOf(
  { features }: Preparation,
  inputs: ReadonlyMap<SplitName, Float32Array>,
  targets: ReadonlyMap<SplitName, Targets>,
  split: SplitName,
  weights: Float32Array | undefined,
): Examples {
  const values = inputs.get(split) as Float32Array;
  const base = { count: values.length / features, features, inputs: values, targets: targets.get(split) as Targets };
  return weights === undefined ? base : { ...base, weights };
}

function encodeSplits(
  preparation: Preparation,
  rows: SplitRows,
  wanted: readonly SplitName[],
): ReadonlyMap<SplitName, Float32Array> {
  const inputs = new Map<SplitName, Float32Array>();
  for (const table of new Set(wanted.map((split) => rows[split].table))) {
    const splits = wanted.filter((split) => rows[split].table === table);
    const encoded = encodeRows(
      preparation,
      table,
      splits.map((split) => rows[split].rows),
      true,
    );
    for (const [index, split] of splits.entries()) inputs.set(split, encoded[index] as Float32Array);
  }
  return inputs;
}

function rowNumbers({ train, validation, test }: SplitRows): PreparedData["rows"] {
  return { train: train.rows, validation: validation.rows, test: test.rows };
}
