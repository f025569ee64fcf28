// The start of a coordinator: studies are rebuilt from their logs, and checkpoints of ended trials
// are deleted.

import { nameOf, SHA256, STUDY_ID } from "@sintonia/protocol/names";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { filesAtCoordinator } from "@sintonia/tuning/spec/spec-files";
import { Evolution } from "../core/state/evolve.js";
import { type Artifact, findTrial, hasEnded, isOver, leasableTrials, type Study } from "../core/state/study.js";
import type { ArtifactStore } from "../ports/artifact-store.js";
import type { CheckpointOwner, CheckpointStore } from "../ports/checkpoint-store.js";
import { StoreUnavailableError, type StudyLog } from "../ports/study-log.js";
import type { Snapshot } from "./snapshot/encoding.js";
import type { Snapshots } from "./snapshot/snapshots.js";
import type { DamagedStudy, DeletedStudy } from "./studies.js";
import { DamagedLogError, EMPTY_CHAIN, readRecords } from "./study/journal.js";
import { deletesStudy, tombstoneOf } from "./study/tombstone.js";

const IGNORE = "Another program wrote it. Nothing uses it; it does no harm.";

/** A study rebuilt from its log. */
interface ReplayedStudy extends Snapshot {
  /** Number of records that a snapshot replaced. */
  readonly skipped: number;
}

/** The snapshots that a replay may begin with. */
type KnownSnapshots = Pick<Snapshots, "newest" | "ignore" | "reportLost">;

/** A rebuilt study, a deleted one, or the study that is set aside. */
type Replay =
  | ({ readonly kind: "study" } & ReplayedStudy)
  | { readonly kind: "deleted"; readonly deleted: DeletedStudy }
  | { readonly kind: "damaged"; readonly damaged: DamagedStudy };

/** A log to replay. One that nobody writes has no need of `last`. */
type ReplayedLog = Pick<StudyLog, "read"> & Partial<Pick<StudyLog, "last">>;

/**
 * Rebuilds a study from its log, or sets it aside with the reason. Any fault of the log's content
 * stays with its study.
 *
 * @param snapshots - the log is read from the newest snapshot on, if the log continues it
 * @throws {StoreUnavailableError}
 */
export async function replay(log: ReplayedLog, studyId: string, snapshots?: KnownSnapshots): Promise<Replay> {
  if (STUDY_ID.parse(studyId) === undefined) {
    const fault = new DamagedLogError("The log's name is no id of a study.", IGNORE);
    return { kind: "damaged", damaged: setAside(studyId, fault) };
  }
  try {
    return await rebuild(log, studyId, snapshots);
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    return await unlessDeleted(log, studyId, error);
  }
}

/**
 * Returns a study whose log cannot be read: as deleted if the last record is a tombstone, as set
 * aside otherwise.
 */
async function unlessDeleted(log: ReplayedLog, studyId: string, error: unknown): Promise<Replay> {
  const last = await log.last?.(studyId);
  const tombstone = last && tombstoneOf(studyId, last.body);
  if (last === undefined || tombstone === undefined) return { kind: "damaged", damaged: setAside(studyId, error) };
  const head = { ...EMPTY_CHAIN, revision: last.revision };
  return { kind: "deleted", deleted: { studyId, at: tombstone.at, head } };
}

/** Describes a study that is set aside for an error of its log. */
export function setAside(studyId: string, error: unknown): DamagedStudy {
  const { message, advice } =
    error instanceof DamagedLogError
      ? error
      : new DamagedLogError(`The log of study ${studyId} contradicts itself: ${messageOf(error)}`);
  return { studyId, reason: message, advice };
}

/** A replay of a log that can be read. */
type Rebuilt = Exclude<Replay, { kind: "damaged" }>;

async function rebuild(
  log: Pick<StudyLog, "read">,
  studyId: string,
  snapshots: KnownSnapshots | undefined,
): Promise<Rebuilt> {
  const snapshot = await snapshots?.newest(studyId);
  if (snapshot === undefined) return await rebuildAfter(log, studyId);
  try {
    return await rebuildAfter(log, studyId, snapshot);
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    const whole = await rebuildAfter(log, studyId);
    // The snapshot of a deleted study is not replaced by anything, and misses nothing.
    if (whole.kind === "deleted") return whole;
    snapshots?.ignore(studyId, error);
    if (whole.head.sequence < snapshot.head.sequence) snapshots?.reportLost(snapshot, whole.head);
    return whole;
  }
}

async function rebuildAfter(log: Pick<StudyLog, "read">, studyId: string, snapshot?: Snapshot): Promise<Rebuilt> {
  let evolution = new Evolution(snapshot?.study);
  let head = snapshot?.head ?? EMPTY_CHAIN;
  let skipped = head.sequence;
  let deletedAt: number | undefined;
  for await (const { record, head: reached } of readRecords(log, studyId, head)) {
    head = reached;
    if (deletesStudy(record.events)) {
      evolution = new Evolution(undefined);
      skipped = 0;
      deletedAt = record.at;
    } else for (const event of record.events) evolution.apply(event, record.at);
  }
  const study = evolution.take();
  if (study !== undefined) return { kind: "study", study, head, skipped };
  if (deletedAt !== undefined) return { kind: "deleted", deleted: { studyId, at: deletedAt, head } };
  throw new DamagedLogError(`The log of study ${studyId} is empty.`);
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
  const left = stored.filter(({ owner }) => owner !== undefined && isOfEnded(find(owner.studyId), owner));
  for (const { sha256 } of left) await store.delete(sha256);
  if (left.length > 0) logger.info({ count: left.length }, "checkpoints of ended trials deleted");
  const unknown = stored.filter(({ owner }) => owner === undefined || find(owner.studyId) === undefined);
  if (unknown.length > 0) {
    const reason = "their studies are not in the log, or are set aside";
    logger.warn({ count: unknown.length, reason }, "checkpoints kept, no study names them");
  }
}

function isOfEnded(study: Study | undefined, { trialId }: CheckpointOwner): boolean {
  const trial = study === undefined ? undefined : findTrial(study, trialId);
  return trial !== undefined && hasEnded(trial);
}

/**
 * Warns of what studies name and the stores do not have.
 *
 * @throws {StoreUnavailableError}
 */
export async function warnOfMissing(
  studies: readonly Study[],
  stores: { readonly artifacts: Sized; readonly checkpoints: Sized; readonly files: Sized },
  logger: Logger,
): Promise<void> {
  await warnOfMissingArtifacts(studies, stores, logger);
  await warnOfMissingFiles(studies, stores.files, logger);
}

/**
 * Warns of artifacts that studies name and that are not stored: the state folder was deleted,
 * exchanged, or does not belong to this log. Best models cannot be read then, and trials start from
 * the beginning.
 *
 * @throws {StoreUnavailableError}
 */
export async function warnOfMissingArtifacts(
  studies: readonly Study[],
  { artifacts, checkpoints }: { readonly artifacts: Sized; readonly checkpoints: Sized },
  logger: Logger,
): Promise<void> {
  for (const study of studies) {
    const { id: studyId, models } = study;
    const trials = leasableTrials(study);
    // An imported study has the weights of its best trial alone.
    const used = isOver(study) ? trials.filter(({ id }) => id === study.bestTrialId) : trials;
    const weights = [...models, ...used.flatMap((trial) => trial.weights ?? [])];
    const saved = trials.flatMap((trial) => trial.checkpoints.map(({ artifact }) => artifact));
    const missing = (await missingFrom(artifacts, weights)) + (await missingFrom(checkpoints, saved));
    if (missing === 0) continue;
    const advice = "give the coordinator the state folder that it had before, or restore it from a backup";
    logger.warn({ studyId, missing, named: weights.length + saved.length, advice }, "artifacts of a study are missing");
  }
}

type Sized = Pick<ArtifactStore, "sizeOf">;

async function missingFrom(store: Sized, named: readonly Artifact[]): Promise<number> {
  let missing = 0;
  for (const { sha256 } of named) if ((await store.sizeOf(sha256)) === undefined) missing += 1;
  return missing;
}

/**
 * Warns of files that the specs of unfinished studies name and that are not stored: no trainer can
 * begin their trials.
 *
 * @throws {StoreUnavailableError}
 */
export async function warnOfMissingFiles(studies: readonly Study[], files: Sized, logger: Logger): Promise<void> {
  for (const study of studies.filter((candidate) => !isOver(candidate))) {
    const missing: string[] = [];
    for (const [path, { sha256 }] of Object.entries(filesAtCoordinator(study.spec)))
      if ((await files.sizeOf(nameOf(SHA256, sha256))) === undefined) missing.push(path);
    if (missing.length === 0) continue;
    const advice = 'repeat "sintonia create" or "sintonia run" with the spec of the study: it uploads them again';
    logger.warn({ studyId: study.id, missing, advice }, "files of a study are missing");
  }
}
