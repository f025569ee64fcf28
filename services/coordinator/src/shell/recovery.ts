// The start of a coordinator: studies are rebuilt from their logs, and checkpoints that no study
// names are deleted.

import type { Logger } from "@sintonia/runtime/logger";
import { evolveAll } from "../core/state/evolve.js";
import type { Study } from "../core/state/study.js";
import type { ArtifactStore } from "../ports/artifact-store.js";
import type { StudyLog } from "../ports/study-log.js";
import { type ChainHead, DamagedLogError, EMPTY_CHAIN, readRecords } from "./study/journal.js";

/** A study rebuilt from its log. */
interface ReplayedStudy {
  readonly study: Study;
  readonly head: ChainHead;
}

/**
 * Rebuilds a study from its log.
 *
 * @throws {DamagedLogError} if the log is empty, has a gap, or was changed
 */
export async function replay(log: Pick<StudyLog, "read">, studyId: string): Promise<ReplayedStudy> {
  let study: Study | undefined;
  let head = EMPTY_CHAIN;
  for await (const entry of readRecords(log, studyId)) {
    study = evolveAll(study, entry.record.events, entry.record.at);
    head = entry.head;
  }
  if (study === undefined) throw new DamagedLogError(`The log of study ${studyId} is empty.`);
  return { study, head };
}

/**
 * Deletes the checkpoints that no study names. They remain when a process ends after it stored an
 * event and before its effect, or when a trainer uploads a checkpoint and never saves it. Call
 * this at the start only, while no trainer can upload.
 *
 * @param studies - all studies with checkpoints in the store
 * @throws {StoreUnavailableError}
 */
export async function deleteUnnamedCheckpoints(
  store: ArtifactStore,
  studies: readonly Study[],
  logger: Logger,
): Promise<void> {
  const trials = studies.flatMap((study) => study.trials);
  const named = new Set(trials.flatMap(({ checkpoints }) => checkpoints.map(({ artifact }) => artifact.sha256)));
  const unnamed = (await store.list()).filter((sha256) => !named.has(sha256));
  for (const sha256 of unnamed) await store.delete(sha256);
  if (unnamed.length > 0) logger.info({ count: unnamed.length }, "unnamed checkpoints deleted");
}
