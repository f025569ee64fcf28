import { dataSetPackage } from "@sintonia/training/dataset/catalog";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import { DataSetError } from "@sintonia/training/dataset/data-set-error";
import type { NamedDataSet } from "@sintonia/tuning/plan/data-set/named-data-set";
import { isFileDataSet } from "@sintonia/tuning/plan/training-plan";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Display } from "../../display/display.js";
import { duringStep, transferTask } from "../../display/task.js";
import type { PackageManager } from "../../system/packages.js";
import { withDataAdvice } from "./missing-data.js";

interface DataSettings {
  /** Folder that the user named. If defined, the data set is read from there and nowhere else. */
  readonly dataDir: string | undefined;
  readonly cacheDir: string;
  /** Undefined if nothing may be installed. */
  readonly packages: PackageManager | undefined;
}

/** Returns the known data sets of a study: one, or none if it has own data or a program. */
export function dataSetsOf({ dataset }: StudySpec): readonly NamedDataSet[] {
  return dataset === undefined || isFileDataSet(dataset) ? [] : [dataset];
}

/**
 * Finds a data set on this machine, or else installs its package or downloads it, and checks that
 * it can be read.
 *
 * @returns the folder of the data set
 * @throws {CommandError} with advice if the data set cannot be found
 * @throws {DataSetError} if it cannot be read
 */
export async function ensureData(plan: NamedDataSet, settings: DataSettings, display: Display): Promise<string> {
  const opened = await open(plan, settings, display);
  // Reading the rows now turns a damaged file into one clear error: instead of a failure of every
  // trial, or of the evaluation after the last one.
  await duringStep(display, { label: "Data", detail: `reading and checking ${plan.name}` }, async () => {
    await opened.train(plan.split.train);
    await opened.test();
  });
  return opened.source.folder;
}

async function open(plan: NamedDataSet, settings: DataSettings, display: Display): ReturnType<typeof openFetched> {
  try {
    return (await openLocal(plan, settings)) ?? (await openFetched(plan, settings, display));
  } catch (error) {
    const { dataDir, packages } = settings;
    throw withDataAdvice(error, plan.name, { dataDir, mayInstall: packages !== undefined });
  }
}

async function openLocal({ name }: NamedDataSet, settings: DataSettings): ReturnType<typeof tryOpen> {
  const found = await tryOpen(name, settings);
  if (found !== undefined) return found;
  const systemPackage = dataSetPackage(name).debian;
  if (systemPackage === undefined || settings.packages?.name !== "apt-get") return undefined;
  return (await settings.packages.install(systemPackage)) ? tryOpen(name, settings) : undefined;
}

async function tryOpen(
  name: NamedDataSet["name"],
  { dataDir, cacheDir }: DataSettings,
): Promise<Awaited<ReturnType<typeof openDataSet>> | undefined> {
  try {
    return await openDataSet(name, { folder: dataDir, cacheDir, allowDownload: false });
  } catch (error) {
    if (dataDir === undefined && error instanceof DataSetError && error.code === "missing") return undefined;
    throw error;
  }
}

function openFetched(
  { name }: NamedDataSet,
  { cacheDir }: DataSettings,
  display: Display,
): ReturnType<typeof openDataSet> {
  return openDataSet(name, { cacheDir, allowDownload: true, onProgress: transferTask(display, "Data") });
}
