// When snapshots are written, and which are used.

import type { Clock } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { OutageLog } from "@sintonia/runtime/outage";
import { isOver, type Study } from "../../core/state/study.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import type { ChainHead } from "../study/journal.js";
import { decodeSnapshot, encodeSnapshot, type Snapshot, SnapshotError } from "./encoding.js";
import type { SnapshotStore } from "./snapshot-store.js";

/** The events since the last snapshot after which another one is written. */
export interface SnapshotRule {
  /** A log of fewer events is replayed in 50 ms: a snapshot would not pay. */
  readonly eventsMin: number;
  /**
   * Share of the events before the last snapshot. The bytes of all snapshots of a study are then at
   * most 1 / share + 1 times those of the last one.
   */
  readonly share: number;
}

const RULE: SnapshotRule = { eventsMin: 5_000, share: 0.25 };

const OUTAGE = { failing: "snapshot of study cannot be written", over: "snapshots are written again" };

/** The dependencies of snapshots. */
interface SnapshotContext {
  readonly store: SnapshotStore;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly logger: Logger;
  /** Ends the writing when aborted: the term is over. */
  readonly signal: AbortSignal;
  /** @default one after 5,000 events or a quarter of the log, the larger, and one at the end */
  readonly rule?: SnapshotRule;
}

/** Writes snapshots of studies beside their work, one at a time, and reads them at the start. */
export class Snapshots {
  readonly #context: SnapshotContext;
  readonly #rule: SnapshotRule;
  readonly #outage: OutageLog;
  /** Number of events in the last snapshot of each study that has one. */
  readonly #taken = new Map<string, number>();
  /** The newest states to write. */
  readonly #due = new Map<string, Snapshot>();
  #writing: Promise<void> | undefined;

  constructor(context: SnapshotContext) {
    this.#context = context;
    this.#rule = context.rule ?? RULE;
    this.#outage = new OutageLog(context.logger, context.clock, OUTAGE);
  }

  /** Takes notice of a study after a record of its log. Writes a snapshot if one is due. */
  note(study: Study, head: ChainHead): void {
    if (!this.#isDue(study)) return;
    this.#due.set(study.id, { study, head });
    this.#writing ??= this.#writeAll();
  }

  /**
   * Reads the snapshot of a study.
   *
   * @returns undefined if the study has none that is whole and of this version
   */
  async newest(studyId: string): Promise<Snapshot | undefined> {
    try {
      const snapshot = await decodeSnapshot(this.#context.store.read(studyId), studyId);
      if (snapshot !== undefined) this.#taken.set(studyId, snapshot.study.eventCount);
      return snapshot;
    } catch (error) {
      if (!(error instanceof SnapshotError || error instanceof StoreUnavailableError)) throw error;
      this.ignore(studyId, error);
      return undefined;
    }
  }

  /** Says that a snapshot is not used. The next state of the study replaces it. */
  ignore(studyId: string, error: unknown): void {
    this.#taken.delete(studyId);
    const facts = { studyId, reason: messageOf(error) };
    this.#context.logger.warn(facts, "snapshot of study ignored, its log is read whole");
  }

  /** Says that a log, with its copy, ends before a snapshot of it. */
  reportLost({ study, head }: Snapshot, { sequence }: ChainHead): void {
    const lost = { studyId: study.id, from: sequence + 1, to: head.sequence };
    this.#context.logger.error(lost, "acknowledged records are missing from the study log, and from its copy");
  }

  /**
   * Deletes the snapshot of a study that is deleted itself. The caller has ended its runner.
   *
   * @throws {StoreUnavailableError}
   */
  async forget(studyId: string): Promise<void> {
    this.#due.delete(studyId);
    await this.#writing;
    this.#taken.delete(studyId);
    await this.#context.store.delete(studyId);
  }

  /** Waits until nothing is being written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #isDue(study: Study): boolean {
    const taken = this.#taken.get(study.id) ?? 0;
    const since = study.eventCount - taken;
    const isEnough = isOver(study) ? since > 0 : since >= Math.max(this.#rule.eventsMin, this.#rule.share * taken);
    return isEnough && isPlain(study);
  }

  async #writeAll(): Promise<void> {
    for (const [studyId, snapshot] of this.#due) {
      if (this.#context.signal.aborted) break;
      this.#due.delete(studyId);
      // Also after a fault: the next attempt is that of the next snapshot.
      this.#taken.set(studyId, snapshot.study.eventCount);
      await this.#write(snapshot);
    }
    this.#writing = undefined;
  }

  async #write(snapshot: Snapshot): Promise<void> {
    const { id: studyId } = snapshot.study;
    try {
      await this.#context.store.write(studyId, encodeSnapshot(snapshot));
      this.#outage.succeed({ studyId });
    } catch (error) {
      if (!this.#context.signal.aborted) this.#outage.fail({ studyId, reason: messageOf(error) });
    }
  }
}

/** Tells whether JSON can express a study. Objectives in logs of 0.1 may be infinite. */
function isPlain({ trials }: Study): boolean {
  return trials.every(({ objective }) => objective === undefined || Number.isFinite(objective));
}
