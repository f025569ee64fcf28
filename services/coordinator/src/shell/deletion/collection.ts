// The collection of what nothing names: artifacts, checkpoints, files and outputs of studies that
// do not exist, and the bytes of broken uploads.

import type { Sha256, StudyId } from "@sintonia/protocol/names";
import { type Clock, every, type Timers } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { namedArtifacts, namedCheckpoints, namedFiles } from "../../core/query/named-content.js";
import type { Study } from "../../core/state/study.js";
import type { ArtifactStore, Collected } from "../../ports/artifact-store.js";
import type { CheckpointStore } from "../../ports/checkpoint-store.js";
import type { FileStore } from "../../ports/file-store.js";
import type { OutputStore } from "../../ports/output-store.js";
import type { PresentStudies } from "./erasure.js";

/** Interval of the collections, in milliseconds. One reads the names of all stored files. */
const INTERVAL_MS = 3_600_000;

/**
 * Age from which unnamed content is collected, in milliseconds: a day, as for broken uploads. An
 * upload under way is younger, and a person has this time to restore a log that names it.
 */
export const COLLECTION_AGE_MS = 24 * 3_600_000;

/** The dependencies of the collection. */
export interface CollectionContext {
  readonly artifacts: Pick<ArtifactStore, "list" | "collect">;
  readonly checkpoints: Pick<CheckpointStore, "list" | "collect">;
  readonly files: Pick<FileStore, "list" | "collect" | "deleteOldUploads">;
  readonly outputs: Pick<OutputStore, "studies" | "deleteStudy">;
  readonly clock: Pick<Clock, "wallTime">;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Ends the collections when aborted. */
  readonly signal: AbortSignal;
}

/** Number and bytes of what collections have taken. */
interface Totals {
  count: number;
  sizeBytes: number;
}

/** Collects what nothing names. */
export class Collection {
  readonly #context: CollectionContext;
  readonly #present: PresentStudies;
  readonly #totals: Totals = { count: 0, sizeBytes: 0 };
  #isRunning = false;

  /** @param present - the studies, all of which have been read from their logs */
  constructor(context: CollectionContext, present: PresentStudies) {
    this.#context = context;
    this.#present = present;
  }

  /** Collects at once, and then in intervals until the signal is aborted. */
  start(): void {
    const { timers, signal } = this.#context;
    void this.collect();
    const end = every(INTERVAL_MS, timers, () => void this.collect());
    signal.addEventListener("abort", end, { once: true });
  }

  /** Collects once. Logs a fault: the next collection takes the rest. */
  async collect(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await this.#collectAll();
    } catch (error) {
      this.#context.logger.warn({ reason: messageOf(error) }, "unnamed content not collected");
    } finally {
      this.#isRunning = false;
    }
  }

  async #collectAll(): Promise<void> {
    const { artifacts, checkpoints, files, clock, logger } = this.#context;
    const before = clock.wallTime().getTime() - COLLECTION_AGE_MS;
    await files.deleteOldUploads();
    const removed = {
      checkpoints: await checkpoints.collect(await this.#unnamedCheckpoints(), before),
      outputs: await this.#collectOutputs(),
      ...(this.#present.damagedStudies().length === 0
        ? {
            artifacts: await artifacts.collect(await this.#unnamed(artifacts, artifactsOf), before),
            files: await files.collect(await this.#unnamed(files, namedFiles), before),
          }
        : {}),
    };
    const { count, sizeBytes } = sumOf(Object.values(removed));
    if (count === 0) return;
    this.#totals.count += count;
    this.#totals.sizeBytes += sizeBytes;
    const counts = Object.fromEntries(Object.entries(removed).map(([kind, collected]) => [kind, collected.count]));
    const totals = { removedCount: this.#totals.count, removedBytes: this.#totals.sizeBytes };
    logger.info({ ...counts, sizeBytes, ...totals }, "content that nothing names deleted");
  }

  async #unnamed(
    store: { list(): Promise<readonly Sha256[]> },
    namedBy: (study: Study) => readonly Sha256[],
  ): Promise<readonly Sha256[]> {
    // The names follow the list: what is named meanwhile is kept.
    const stored = await store.list();
    const named = new Set(this.#present.studies().flatMap(namedBy));
    return stored.filter((sha256) => !named.has(sha256));
  }

  /** Returns the checkpoints that no study names, except those of studies that are set aside. */
  async #unnamedCheckpoints(): Promise<readonly Sha256[]> {
    const stored = await this.#context.checkpoints.list();
    const damaged = this.#present.damagedStudies();
    const isUnreadable = (id: string | undefined): boolean =>
      id === undefined ? damaged.length > 0 : damaged.some(({ studyId }) => studyId === id);
    const named = new Set(this.#present.studies().flatMap(checkpointsOf));
    return stored
      .filter(({ sha256, owner }) => !named.has(sha256) && !isUnreadable(owner?.studyId))
      .map(({ sha256 }) => sha256);
  }

  /** Deletes the outputs of studies that do not exist. */
  async #collectOutputs(): Promise<Collected> {
    const { outputs } = this.#context;
    const stored = await outputs.studies();
    const known = new Set<string>([
      ...this.#present.studies().map(({ id }) => id),
      ...this.#present.damagedStudies().map(({ studyId }) => studyId),
    ]);
    const left = stored.filter((studyId: StudyId) => !known.has(studyId));
    for (const studyId of left) await outputs.deleteStudy(studyId);
    return { count: left.length, sizeBytes: 0 };
  }
}

function artifactsOf(study: Study): readonly Sha256[] {
  return namedArtifacts(study).map(({ sha256 }) => sha256);
}

function checkpointsOf(study: Study): readonly Sha256[] {
  return namedCheckpoints(study).map(({ sha256 }) => sha256);
}

function sumOf(collected: readonly Collected[]): Collected {
  return {
    count: collected.reduce((sum, { count }) => sum + count, 0),
    sizeBytes: collected.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}
