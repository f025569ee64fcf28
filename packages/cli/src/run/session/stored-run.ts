// The studies of a run folder, read through a coordinator on the folder's own store: while a run works there through its
// coordinator, later through one that is started for the purpose and has no trainers.

import { resolve } from "node:path";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { UserError } from "@sintonia/runtime/errors";
import type { Display } from "../../display/display.js";
import { readJson } from "../folder/files.js";
import { ownerOf } from "../folder/lock.js";
import { inRunFolder } from "../folder/locked-folder.js";
import { RunFolder } from "../folder/run-folder.js";
import { onLocalCluster } from "./cluster-session.js";
import { runSettings } from "./settings.js";

export interface StoredRun {
  readonly dir: string;
  readonly display: Display;
  readonly env: NodeJS.ProcessEnv;
  readonly verbose: boolean;
}

/** Address of the coordinator of a run that is working in a folder, or undefined if none is. */
export function coordinatorOf(dir: string): string | undefined {
  const folder = new RunFolder(resolve(dir));
  const owner = ownerOf(folder.path);
  const cluster = readJson<{ readonly coordinator: string; readonly pid: number }>(folder.cluster);
  return owner !== undefined && cluster?.pid === owner.pid ? cluster.coordinator : undefined;
}

/**
 * Starts a coordinator on the store of a run folder, calls `use` with a client of it, and stops everything.
 *
 * @throws {UserError} if no run made the folder, or one is starting there
 */
export async function onStoredRun<T>(
  { dir, display, env, verbose }: StoredRun,
  use: (client: AdminServiceClient) => Promise<T>,
): Promise<T> {
  const folder = new RunFolder(resolve(dir));
  const marker = folder.readMarker();
  if (marker === undefined) {
    throw new UserError(
      `${dir}: no run made this folder; --dir takes the folder of "sintonia run" or "sintonia reproduce"`,
    );
  }
  return await inRunFolder({ folder, marker, overwrite: false, display }, () =>
    onLocalCluster({ datasets: [], folder, settings: runSettings(0, { verbose }, env), display, env }, ({ client }) =>
      use(client),
    ),
  );
}
