import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeStudyCopy } from "@sintonia/coordinator/adapters/filesystem/logs/study-archive";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { STUDY_ID } from "@sintonia/protocol/names";
import { allStudies } from "../all-studies.js";

/** The calls that a copy needs. */
type CopyClient = Pick<AdminServiceClient, "listStudies" | "readStudyLog">;

/**
 * Copies the logs of a coordinator's studies into a folder, once all copies are complete. The
 * caller has deleted earlier copies.
 *
 * @param isWanted - chooses the studies
 * @throws an error of the coordinator or of the file system; no folder is then written
 */
export async function copyStudies(
  client: CopyClient,
  folder: string,
  isWanted: (study: Study) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    const studies = await allStudies(client, { signal });
    for (const { id } of studies.filter(isWanted)) {
      // A coordinator names the studies, and the name becomes a path.
      const studyId = STUDY_ID.parse(id);
      if (studyId !== undefined) await writeStudyCopy(draft, studyId, recordsOf(client, id, signal));
    }
    publish(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Moves the complete copies into the folder. A folder with the user's own files keeps them. */
function publish(draft: string, folder: string): void {
  if (!existsSync(folder)) renameSync(draft, folder);
  else for (const name of readdirSync(draft)) renameSync(join(draft, name), join(folder, name));
}

async function* recordsOf(client: CopyClient, studyId: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const { record } of client.readStudyLog({ studyId }, { signal })) yield record;
}
