import { openFileDataSet } from "@sintonia/data/dataset/open-file-data-set";
import type { PreparedData } from "@sintonia/data/dataset/prepared-data";
import { DataError, shownList } from "@sintonia/data/error/data-error";
import { absentClasses, dataFacts } from "@sintonia/training/dataset/data-facts";
import { dataFilePaths, type FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { isAddress } from "@sintonia/tuning/plan/file/file-address";
import type { DataFacts } from "@sintonia/tuning/plan/fit";
import { isFileDataSet } from "@sintonia/tuning/plan/training-plan";
import { dataFitProblems } from "@sintonia/tuning/spec/check/data-fit";
import { isProgramStudy, type ModuleStudy, type NetworkStudy } from "@sintonia/tuning/spec/study-spec";
import { formatProblems } from "@sintonia/tuning/validation/problems";
import type { Display } from "../display/display.js";
import { LABEL_COLUMNS, slowTasks } from "../display/task.js";
import { UsageError } from "../system/usage-error.js";
import type { CompleteSpec } from "./complete-spec.js";

/**
 * Reads the data of a study before it begins, prints what they are, and refuses faulty data and
 * models that do not fit them: every trial would fail for the same reason. Does nothing for a
 * known data set.
 *
 * @throws {UsageError}
 */
export async function checkOwnData(complete: CompleteSpec, display: Pick<Display, "print" | "task">): Promise<void> {
  const { spec } = complete;
  if (isProgramStudy(spec) || !isFileDataSet(spec.dataset)) return;
  const elsewhere = addressesNotRead(spec.dataset, complete);
  if (elsewhere.length > 0) {
    display.print(
      `Data        ${elsewhere.join(", ")}: not read here, since the spec has the content; trainers check it`,
    );
    return;
  }
  const data = await read(spec.dataset, complete, display);
  display.print(`Data        ${describe(data)}`);
  for (const finding of [...data.findings, ...testFindings(data)]) display.print(`Data        ${finding}`);
  refuseMisfit(spec, data);
}

/** Lists the addresses whose content the spec names, so that this machine has not read them. */
function addressesNotRead(dataset: FileDataSet, { files }: CompleteSpec): readonly string[] {
  const read = new Set(files.map(({ local }) => local.path));
  return dataFilePaths(dataset).filter((path) => isAddress(path) && !read.has(path));
}

async function read(
  dataset: FileDataSet,
  { files }: CompleteSpec,
  display: Pick<Display, "task">,
): Promise<PreparedData> {
  const places = new Map(files.map(({ local }) => [local.path, local.absolutePath]));
  const shown = slowTasks(display, () => performance.now());
  const onProgress = ({ file, share }: { readonly file: string; readonly share: number }) => {
    shown.task({ label: `${"Data".padEnd(LABEL_COLUMNS)}preparing ${file}`, done: share, total: 1, detail: "" });
  };
  try {
    return await openFileDataSet(dataset, (path) => places.get(path) ?? path, { onProgress, examine: true });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new UsageError(error.message, { code: "DATA", facts: { ...error.place } });
  }
}

function describe({ train, validation, test, features, outputs, preparation }: PreparedData): string {
  const rows = [`${count(train)} rows train`, `${count(validation)} for validation`, `${count(test)} for the test`];
  const what = preparation.task === "classification" ? "classes" : outputs === 1 ? "target" : "targets";
  return `${rows.join(", ")}; ${features} features, ${outputs} ${what}`;
}

/** Returns a remark about classes without a row for the test, which leave scores undefined. */
function testFindings({ test, preparation: { classes = [] } }: PreparedData): string[] {
  const absent = test === undefined ? [] : absentClasses(test.targets).map((of) => classes[of] as string);
  if (absent.length === 0) return [];
  return [`no row for the test has the class ${shownList(absent)}; scores such as auc will have no test figure`];
}

function count(examples: PreparedData["train"]): string {
  return (examples?.count ?? 0).toLocaleString("en-US");
}

/** Refuses a study with values whose model, loss or metric does not fit the data of a fold. */
function refuseMisfit(spec: NetworkStudy | ModuleStudy, { train, validation, folds = [] }: PreparedData): void {
  if (train === undefined) return;
  const facts = dataFacts(validation === undefined ? { train } : { train, validation });
  refuseProblems(spec, facts, "");
  for (const [fold, rows] of folds.entries())
    refuseProblems(spec, { ...facts, validation: rows }, ` of fold ${fold + 1}`);
}

function refuseProblems(spec: NetworkStudy | ModuleStudy, facts: DataFacts, of: string): void {
  const problems = dataFitProblems(spec, facts);
  if (problems.length === 0) return;
  throw new UsageError(`the model does not fit the data${of}: ${formatProblems(problems).replaceAll("\n", "; ")}`);
}
