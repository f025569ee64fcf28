// Access to the studies of a run folder. While a run works in the folder, its coordinator answers.
// Later, a coordinator without trainers is started on the folder's store.

import { resolve } from "node:path";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { UserError } from "@sintonia/runtime/errors";
import type { Display } from "../../display/display.js";
import { readJson } from "../folder/files.js";
import { lockOwner } from "../folder/lock.js";
import { withLockedFolder } from "../folder/locked-folder.js";
import { RunFolder } from "../folder/run-folder.js";
import { withLocalCluster } from "./cluster-session.js";
import { runSettings } from "./settings.js";

interface StoredRun {
  readonly dir: string;
  readonly display: Display;
  readonly env: NodeJS.ProcessEnv;
  readonly verbose: boolean;
}

/**
 * Returns the address of the coordinator of the run that works in a folder, undefined if no run
 * does.
 */
export function coordinatorOf(dir: string): string | undefined {
  const folder = new RunFolder(resolve(dir));
  const owner = lockOwner(folder.path);
  const cluster = readJson<{ readonly coordinator: string; readonly pid: number }>(folder.cluster);
  return owner !== undefined && cluster?.pid === owner.pid ? cluster.coordinator : undefined;
}

/**
 * Starts a coordinator without trainers on the store of a run folder, calls `use`, and stops the
 * coordinator.
 *
 * @throws {UserError} if no run made the folder, or if a run is starting there
 */
export async function withStoredRun<T>(
  { dir, display, env, verbose }: StoredRun,
  use: (client: AdminServiceClient) => Promise<T>,
): Promise<T> {
  const folder = new RunFolder(resolve(dir));
  const marker = folder.readMarker();
  if (marker === undefined) {
    throw new UserError(
      `${dir}: no run made this folder; --dir expects a folder of "sintonia run" or "sintonia reproduce"`,
    );
  }
  return await withLockedFolder({ folder, marker, overwrite: false, display }, () =>
    withLocalCluster({ datasets: [], folder, settings: runSettings(0, { verbose }, env), display, env }, ({ client }) =>
      use(client),
    ),
  );
}
