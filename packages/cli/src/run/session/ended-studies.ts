import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { UserError } from "@sintonia/runtime/errors";
import { openArchive } from "./archive.js";
import { type SessionInput, withLocalCluster } from "./cluster-session.js";

/**
 * Calls `use` with a client of the studies of a locked run folder: from their copies, or else from
 * a coordinator without trainers.
 *
 * @throws {UserError} if the folder has neither
 */
export async function withEndedStudies(
  input: Omit<SessionInput, "datasets">,
  use: (client: AdminServiceClient) => Promise<void>,
): Promise<void> {
  const archive = await openArchive(input.folder);
  if (archive !== undefined) return await use(archive);
  if (!input.env["NATS_URL"] && !existsSync(join(input.folder.natsStore, "jetstream"))) {
    throw new UserError("the run folder's store is gone; --overwrite starts over");
  }
  const settings = { ...input.settings, trainers: 0, page: false };
  await withLocalCluster({ ...input, settings, datasets: [] }, ({ client }) => use(client));
}
