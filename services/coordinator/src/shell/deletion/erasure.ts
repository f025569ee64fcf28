// The erasure of a deleted study. Its order: content first, the log last. A process that ends in
// the middle finds the tombstone at its next start and erases the rest.

import { type Sha256, STUDY_ID } from "@sintonia/protocol/names";
import type { Clock } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { namedArtifacts, namedFiles } from "../../core/query/named-content.js";
import { isOver, type Study } from "../../core/state/study.js";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { CheckpointStore } from "../../ports/checkpoint-store.js";
import type { FileStore } from "../../ports/file-store.js";
import type { OutputStore } from "../../ports/output-store.js";
import type { StudyLog } from "../../ports/study-log.js";
import type { Snapshots } from "../snapshot/snapshots.js";
import type { DamagedStudy } from "../studies.js";
import type { EraseStudy } from "./deletions.js";

/** The stores that have something of a study. */
export interface ErasureStores {
  readonly log: Pick<StudyLog, "erase">;
  readonly artifacts: Pick<ArtifactStore, "collect">;
  readonly checkpoints: Pick<CheckpointStore, "list" | "delete">;
  readonly files: Pick<FileStore, "collect">;
  readonly outputs: Pick<OutputStore, "deleteStudy">;
  readonly snapshots: Pick<Snapshots, "forget">;
}

/** The dependencies of the erasure. */
export interface ErasureContext extends ErasureStores {
  readonly clock: Pick<Clock, "wallTime">;
  readonly logger: Logger;
}

/** The studies that exist, also those that are set aside. */
export interface PresentStudies {
  studies(): readonly Study[];
  damagedStudies(): readonly DamagedStudy[];
}

/**
 * Age from which content that another study may have uploaded as well is erased, in milliseconds.
 * A trainer names what it has uploaded within five minutes, or its lease ends; this is three times
 * as long.
 */
const UPLOADED_AGE_MS = 900_000;

/**
 * Returns a function that erases what is stored of a deleted study. Content that another study
 * names stays. While a study is set aside, all content stays, because its log may name it. The
 * collection deletes that content later.
 */
export function eraser(context: ErasureContext, present: PresentStudies): EraseStudy {
  const { log, outputs, snapshots, checkpoints, logger } = context;
  return async ({ studyId, head }, study) => {
    const id = STUDY_ID.parse(studyId);
    if (id !== undefined) await outputs.deleteStudy(id);
    for (const { sha256, owner } of await checkpoints.list()) {
      if (owner?.studyId === studyId) await checkpoints.delete(sha256);
    }
    if (study !== undefined && present.damagedStudies().length === 0) await eraseContent(context, present, study);
    await snapshots.forget(studyId);
    const result = await log.erase(studyId, head.revision);
    if (result === "erased") return logger.info({ studyId }, "deleted study erased");
    const advice = "docs/operations.md, chapter Deletion, says how to make the stream of events anew";
    logger.warn({ studyId, advice }, "records of the deleted study stay in NATS, whose stream keeps records for ever");
  };
}

async function eraseContent(
  { artifacts, files, clock }: ErasureContext,
  present: PresentStudies,
  study: Study,
): Promise<void> {
  const others = present.studies();
  const isShared = others.some((other) => !isOver(other));
  const before = isShared ? clock.wallTime().getTime() - UPLOADED_AGE_MS : Number.POSITIVE_INFINITY;
  const kept = new Set(others.flatMap(namedArtifacts).map(({ sha256 }) => sha256));
  const keptFiles = new Set(others.flatMap(namedFiles));
  const own = namedArtifacts(study).map(({ sha256 }) => sha256);
  await artifacts.collect(without(own, kept), before);
  await files.collect(without(namedFiles(study), keptFiles), before);
}

function without(checksums: readonly Sha256[], kept: ReadonlySet<Sha256>): readonly Sha256[] {
  return [...new Set(checksums)].filter((sha256) => !kept.has(sha256));
}
