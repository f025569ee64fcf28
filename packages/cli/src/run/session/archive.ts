// The copies of the studies' logs in a run folder. They are made when a run ends and deleted when
// the next coordinator starts, so that a reader without a server never sees an old state.

import { existsSync, readdirSync } from "node:fs";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { listing } from "../../study/all-studies.js";
import type { RunFolder } from "../folder/run-folder.js";
import { deleteCopies } from "../folder/written-files.js";

/** Time limit for the copies, so that a coordinator that hangs does not delay the end of a run. */
const COPY_MS = 10_000;

/** Deletes the copies, because the studies are about to change. */
export function discardArchive(folder: RunFolder): void {
  deleteCopies(folder.path);
}

/**
 * Copies the logs of the run's studies. Without a copy, the next reader starts a coordinator.
 *
 * @param isShared - true if the store holds studies of other runs too
 */
export async function writeArchive(client: AdminServiceClient, folder: RunFolder, isShared: boolean): Promise<void> {
  const ownId = folder.readMarker()?.studyId;
  const isOwn = (id: string): boolean => id === ownId || id.startsWith(`${ownId}-`);
  try {
    const { copyStudies } = await import("../../study/archive/study-copies.js");
    await copyStudies(client, folder.archive, ({ id }) => !isShared || isOwn(id), AbortSignal.timeout(COPY_MS));
  } catch {
    // Ignored: the study itself is in the store, and a reader starts a coordinator there.
  }
}

/** Opens the copies. Returns undefined if there are none, or if one is damaged. */
export async function openArchive(folder: RunFolder): Promise<AdminServiceClient | undefined> {
  if (!existsSync(folder.archive) || !readdirSync(folder.archive).some((name) => name.endsWith(".jsonl"))) {
    return undefined;
  }
  const { openArchivedStudies } = await import("../../study/archive/archived-studies.js");
  const client = await openArchivedStudies({
    copies: folder.archive,
    artifacts: folder.artifacts,
    outputs: folder.outputs,
  });
  const { setAside } = await listing(client);
  return setAside.length === 0 ? client : undefined;
}
