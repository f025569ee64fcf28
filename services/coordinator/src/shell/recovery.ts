// The start of a coordinator: studies are rebuilt from their logs, and checkpoints of ended trials
// are deleted.

import type { Logger } from "@sintonia/runtime/logger";
import { evolveAll } from "../core/state/evolve.js";
import { findTrial, isOutstanding, type Study } from "../core/state/study.js";
import type { CheckpointOwner, CheckpointStore } from "../ports/checkpoint-store.js";
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
 * Deletes the checkpoints of trials that have ended. They remain when a process ends after it
 * stored an event and before its effect, or when a trainer uploads a checkpoint and never saves it.
 * Keeps every checkpoint whose owner is not in the given studies: an unknown log, an older copy of
 * this one, or a study that is set aside may name it. Call this at the start only, while no trainer
 * can upload.
 *
 * @throws {StoreUnavailableError}
 */
export async function deleteLeftCheckpoints(
  store: CheckpointStore,
  find: (studyId: string) => Study | undefined,
  logger: Logger,
): Promise<void> {
  const stored = await store.list();
  const left = stored.filter(({ owner }) => owner !== undefined && hasEnded(find(owner.studyId), owner));
  for (const { sha256 } of left) await store.delete(sha256);
  if (left.length > 0) logger.info({ count: left.length }, "checkpoints of ended trials deleted");
  const unknown = stored.filter(({ owner }) => owner === undefined || find(owner.studyId) === undefined);
  if (unknown.length > 0) {
    const reason = "their studies are not in the log, or are set aside";
    logger.warn({ count: unknown.length, reason }, "checkpoints kept, no study names them");
  }
}

function hasEnded(study: Study | undefined, { trialId }: CheckpointOwner): boolean {
  const trial = study === undefined ? undefined : findTrial(study, trialId);
  return trial !== undefined && !isOutstanding(trial);
}
