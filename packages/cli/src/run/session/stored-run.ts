// Access to the studies of a run folder in which no run works: a coordinator without trainers is
// started on the folder's store.

import { resolve } from "node:path";
import type { NamedDataSet } from "@sintonia/tuning/plan/data-set/named-data-set";
import type { Display } from "../../display/display.js";
import { CommandError } from "../../system/usage-error.js";
import { withLockedFolder } from "../folder/locked-folder.js";
import { RunFolder } from "../folder/run-folder.js";
import { type ClusterSession, withLocalCluster } from "./cluster-session.js";
import { type ClusterOptions, runSettings } from "./settings.js";

/** A run folder, and what a coordinator on its store needs. */
export interface StoredRun {
  readonly dir: string;
  /** Data sets that the coordinator reads. @default none */
  readonly datasets?: readonly NamedDataSet[];
  readonly options: ClusterOptions;
  readonly display: Display;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts a coordinator without trainers on the store of a run folder, calls `use`, and stops the
 * coordinator.
 *
 * @throws {CommandError} if no run made the folder, or if a run is starting there
 */
export async function withStoredRun<T>(
  { dir, datasets = [], options, display, env }: StoredRun,
  use: (session: ClusterSession, folder: RunFolder) => Promise<T>,
): Promise<T> {
  const folder = new RunFolder(resolve(dir));
  const marker = folder.readMarker();
  if (marker === undefined) {
    throw new CommandError(
      `${dir}: no run made this folder; --dir expects a folder of "sintonia run" or "sintonia reproduce"`,
      { code: "NO_RUN_FOLDER", facts: { dir } },
    );
  }
  const settings = runSettings(0, options, env);
  return await withLockedFolder({ folder, marker, overwrite: false, display }, () =>
    withLocalCluster({ datasets, folder, settings, display, env }, (session) => use(session, folder)),
  );
}
