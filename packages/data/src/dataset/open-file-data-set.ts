import type { Examples, Targets } from "@sintonia/training/dataset/examples";
import { type FileDataSet, foldsOf } from "@sintonia/tuning/plan/data-set/file-data-set";
import { checkFolds } from "../check/folds.js";
import { refuseOverlappingTimes } from "../check/overlapping-times.js";
import { refuseSharedGroups } from "../check/shared-groups.js";
import { sharedRowFindings } from "../check/shared-rows.js";
import { columnFindings } from "../column/findings.js";
import { contentError } from "../error/data-error.js";
import {
  type Classes,
  classesOf,
  classTargets,
  refuseUnknownClasses,
  valueNames,
  valueTargets,
} from "../examples/targets.js";
import { trainingWeights } from "../examples/weights.js";
import { encodeRows } from "../preparation/encode.js";
import { fitColumn } from "../preparation/fit.js";
import { featureCount, PREPARATION_VERSION, type Preparation } from "../preparation/preparation.js";
import type { SplitRows, TableRows } from "../split/split-rows.js";
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
  /** Also examines every fold, and rows that files share, as before a study. @default false */
  readonly examine?: boolean;
}

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
  const { onProgress = () => undefined, fold = 0, splits = SPLITS, examine = false } = options;
  const main = await readMainTable(plan, { pathOf, onProgress });
  const kept = keptRows(plan, main.table, main.roles);
  const target = main.roles.targets[0] as string;
  const classes = plan.task === "classification" ? classesOf(target, main.table, kept) : undefined;
  const others = otherRows(plan, main, await readOthers(plan, main, splits, { pathOf, onProgress }));
  if (main.roles.group !== undefined) {
    refuseSharedGroups(main.roles.group, [{ table: main.table, rows: kept }, ...others.values()]);
  }
  const rowsOf = (fold: number) => divide(plan, { main, kept, classes, others }, fold);
  const count = foldsOf(plan);
  const folds = examine && count !== undefined ? checkFolds({ count, rowsOf, classes, target }) : undefined;
  const rows = rowsOf(fold);
  if (classes !== undefined) checkClasses(classes, target, rows);
  const findings = [
    ...columnFindings(main.table, main.roles.inputs),
    ...(examine ? sharedRowFindings(comparedColumns(main), { train: rows.train, others: [...others.values()] }) : []),
  ];
  const preparation = fit(plan, main, rows.train.rows, classes);
  const outputs = preparation.classes?.length ?? preparation.targets.length;
  const examples = buildExamples(plan, main, rows, preparation, classes, splits);
  const facts = { rows: rowNumbers(rows), features: preparation.features, outputs, preparation, findings };
  return { ...examples, ...facts, ...(folds === undefined ? {} : { folds }) };
}

function comparedColumns({ roles: { inputs, targets } }: MainTable): string[] {
  return [...new Set([...inputs, ...targets])];
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

/** Returns the rows of the files of other splits that the plan uses. */
function otherRows(
  plan: FileDataSet,
  { roles }: MainTable,
  tables: ReadonlyMap<SplitName, Table>,
): ReadonlyMap<SplitName, TableRows> {
  return new Map(Array.from(tables, ([split, table]) => [split, { table, rows: keptRows(plan, table, roles) }]));
}

/** What the division by a fold depends on beside the plan. */
interface Divided {
  readonly main: MainTable;
  /** Rows of the main table that the plan uses. */
  readonly kept: Uint32Array;
  readonly classes: Classes | undefined;
  readonly others: ReadonlyMap<SplitName, TableRows>;
}

function divide(plan: FileDataSet, { main: { table }, kept, classes, others }: Divided, fold: number): SplitRows {
  const given = { validation: plan.validation !== undefined, test: plan.test !== undefined };
  const split = splitTable(plan, table, { rows: kept, given, fold, classOf: classes?.indexOf(table) });
  if (split.train.length === 0) throw contentError({ file: table.file }, "no row is left to train");
  const rowsOf = (name: SplitName): TableRows => others.get(name) ?? { table, rows: split[name] };
  const splits = { train: rowsOf("train"), validation: rowsOf("validation"), test: rowsOf("test") };
  refuseOverlappingTimes(plan, splits);
  return splits;
}

function checkClasses(classes: Classes, target: string, { train, validation, test }: SplitRows): void {
  refuseUnknownClasses(classes, target, { train, other: validation, name: "validation split" });
  refuseUnknownClasses(classes, target, { train, other: test, name: "test split" });
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
