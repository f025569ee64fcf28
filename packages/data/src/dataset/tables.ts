import type { ColumnType, FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { typeOfColumn } from "../column/column-type.js";
import { type Roles, rolesOf, useOf } from "../column/roles.js";
import { readerOf } from "../format/formats.js";
import type { ColumnUse } from "../table/column-use.js";
import type { Column, Table } from "../table/table.js";

/** Returns the path in the file system of a path as the plan writes it. */
export type PathOf = (path: string) => string;

/** Receives the share of a file that was read, from 0 to 1. */
export type FileProgress = (progress: { readonly file: string; readonly share: number }) => void;

/** The settings of reading. */
export interface OpenSettings {
  readonly pathOf: PathOf;
  readonly onProgress: FileProgress;
}

/** The table with the training rows, the roles of its columns, and the types of its inputs. */
export interface MainTable {
  readonly table: Table;
  readonly roles: Roles;
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** Reads the file with the training rows. */
export async function readMainTable(plan: FileDataSet, settings: OpenSettings): Promise<MainTable> {
  const file = plan.path ?? (plan.train as string);
  const table = await readTable(file, plan, useOf(plan), settings);
  const roles = rolesOf(plan, table.names, file);
  return { table, roles, types: typesOf(plan, table, roles.inputs) };
}

/** Reads the file of another split, whose columns must have the same names and types. */
export async function readOtherTable(
  file: string,
  plan: FileDataSet,
  { roles, types }: MainTable,
  settings: OpenSettings,
): Promise<Table> {
  const sameInputs = { ...plan, inputs: roles.inputs };
  const useInPlan = useOf(sameInputs);
  const use = (name: string) => (types.get(name) === "categorical" ? "text" : useInPlan(name));
  const table = await readTable(file, sameInputs, use, settings);
  for (const [name, type] of types) typeOfColumn(table.columns.get(name) as Column, table, type);
  return table;
}

async function readTable(
  file: string,
  plan: FileDataSet,
  use: (name: string) => ColumnUse,
  { pathOf, onProgress }: OpenSettings,
): Promise<Table> {
  const read = readerOf(file, plan.format);
  const fileOf = (name: string) => ({ path: pathOf(name), name });
  return await read(fileOf(file), {
    use,
    fileOf,
    onNames: (names) => void rolesOf(plan, names, file),
    separator: plan.separator,
    onProgress: (share) => onProgress({ file, share }),
  });
}

function typesOf(plan: FileDataSet, table: Table, inputs: readonly string[]): ReadonlyMap<string, ColumnType> {
  return new Map(
    inputs.map((name) => [name, typeOfColumn(table.columns.get(name) as Column, table, plan.columns?.[name])]),
  );
}
