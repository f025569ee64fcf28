import type { Logger } from "@sintonia/runtime/logger";
import type { Study } from "../core/state/study.js";
import type { ArtifactStore } from "../ports/artifact-store.js";

/**
 * Deletes the checkpoints that no study names: what a process left that ended between storing an event and acting on it, and
 * uploads that were never saved. Only for a start, while no trainer can upload.
 *
 * @param studies - all that have checkpoints in the store
 * @throws {StoreUnavailableError}
 */
export async function sweepCheckpoints(store: ArtifactStore, studies: readonly Study[], logger: Logger): Promise<void> {
  const trials = studies.flatMap((study) => study.trials);
  const named = new Set(trials.flatMap(({ checkpoints }) => checkpoints.map(({ artifact }) => artifact.sha256)));
  const left = (await store.list()).filter((sha256) => !named.has(sha256));
  for (const sha256 of left) await store.delete(sha256);
  if (left.length > 0) logger.info({ count: left.length }, "left-over checkpoints deleted");
}
