import { dataSetPackage } from "@sintonia/training/dataset/catalog";
import { DataSetError } from "@sintonia/training/dataset/data-set-error";
import type { DataSetName } from "@sintonia/tuning/plan/training-plan";
import { CommandError } from "../../system/usage-error.js";

/** The places where a run has looked for a data set. */
interface Search {
  readonly dataDir: string | undefined;
  /** True if the run was allowed to install packages. */
  readonly mayInstall: boolean;
}

/**
 * Adds to the error of a data set that was not found what the user can do about it on the command
 * line. Returns any other error unchanged.
 */
export function withDataAdvice(error: unknown, name: DataSetName, search: Search): unknown {
  if (!(error instanceof DataSetError) || !["missing", "unreachable"].includes(error.code)) return error;
  const advice = search.dataDir === undefined ? searchAdvice(name, search) : folderAdvice(search.dataDir);
  const message = `the data set ${name} was not found: ${error.message} ${advice}`;
  return new CommandError(message, { code: "DATA_SET_MISSING", facts: { dataset: name }, cause: error });
}

function searchAdvice(name: DataSetName, { mayInstall }: Search): string {
  const { debian } = dataSetPackage(name);
  const folder = "name a folder that has the files with --data-dir DIR";
  if (debian === undefined || mayInstall) return `On the command line: ${folder}.`;
  return `On the command line: add --install-missing, which installs Debian's ${debian}, or ${folder}.`;
}

function folderAdvice(dataDir: string): string {
  return `Only ${dataDir} was searched, because --data-dir names it.`;
}
