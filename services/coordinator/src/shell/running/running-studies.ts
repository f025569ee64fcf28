// The studies that a coordinator runs. Each is begun anew or resumed from its log. A study whose
// log cannot be read is set aside; one to whose log a former leader has written is read again.

import type { Clock } from "@sintonia/runtime/clock";
import { InvariantError } from "@sintonia/runtime/errors";
import { recover } from "../../core/apply.js";
import type { Effect } from "../../core/boundary/effect.js";
import type { Now, Rules } from "../../core/boundary/now.js";
import type { Step } from "../../core/boundary/step.js";
import type { LeaseTime } from "../../core/leadership/lease-time.js";
import type { Study } from "../../core/state/study.js";
import { RecordTooLargeError, type StudyLog } from "../../ports/study-log.js";
import { Deletions, type EraseStudy } from "../deletion/deletions.js";
import type { Meter } from "../metering/meter.js";
import { replay, setAside } from "../recovery.js";
import type { Snapshots } from "../snapshot/snapshots.js";
import type { DamagedStudy, DeletedStudy } from "../studies.js";
import { type EffectContext, runEffect } from "../study/effect-runner.js";
import { logEvents } from "../study/event-logging.js";
import { AnotherWriterError, type ChainHead, EMPTY_CHAIN } from "../study/journal.js";
import type { StudyFeed } from "../study/study-feed.js";
import { StudyRunner } from "../study/study-runner.js";
import { UndecidableInputError } from "../study/undecidable.js";
import { WaitingInputs } from "../study/waiting-inputs.js";
import type { TrialTraces } from "../tracing/trial-traces.js";
import { Rereads } from "./rereads.js";

/** The ports and settings of the running studies. */
export interface RunningContext extends Omit<EffectContext, "submit" | "study" | "eraseDeleted"> {
  readonly log: StudyLog;
  /**
   * Erases what is stored of a deleted study.
   * @default nothing is erased
   */
  readonly eraseStudy?: EraseStudy;
  /** Mends the log with its copies. @default a damaged log sets its study aside */
  readonly mending?: LogMending;
  /** Shortens the start. @default every log is read whole */
  readonly snapshots?: Snapshots;
  /** Counts the stored events. @default nobody does */
  readonly meter?: Pick<Meter, "stored">;
  /** @default no traces */
  readonly traces?: Pick<TrialTraces, "asked" | "stored">;
  readonly clock: Clock;
  readonly rules: Rules;
  /**
   * Asks whether this coordinator still leads, after the log of a study has refused its record. A
   * leader then reads the study again: the cause is a late record of a former leader.
   * @default the refusal is fatal
   */
  readonly confirmLeadership?: () => Promise<boolean>;
  /** Called once if a study cannot continue in this process. The process must then end. */
  readonly onFatal: (error: unknown) => void;
}

/** The logs with the coordinator's own copies. */
interface LogMending {
  /** Stores the records of a new study in its copy. The next reading gives them to the log. */
  import(studyId: string, bodies: AsyncIterable<Uint8Array>): Promise<void>;
  /** Another process wrote to the log of a study. */
  expectChanges(studyId: string): void;
  /** Tells whether a log that cannot be read shall be read again, with records of its copy. */
  mend(studyId: string): Promise<boolean>;
}

/**
 * Largest number of studies that are read at the same time. Most of a short study's reading is
 * waiting for the store and the disk.
 */
const RECOVERIES_MAX = 16;

/** The studies of a coordinator process, by id. */
export class RunningStudies {
  readonly #context: RunningContext;
  readonly #feed: StudyFeed;
  readonly #effects: EffectContext;
  readonly #runners = new Map<string, StudyRunner>();
  readonly #damaged = new Map<string, DamagedStudy>();
  readonly #rereads: Rereads;
  readonly #waiting: WaitingInputs;
  /** Studies whose imported records are in the copy, and perhaps not all in the log. */
  readonly #imports = new Set<string>();
  readonly deletions: Deletions;

  /**
   * @param feed - receives the events of all studies
   * @param submit - submits an input that an effect has led to
   */
  constructor(context: RunningContext, feed: StudyFeed, submit: EffectContext["submit"]) {
    this.#context = context;
    this.#feed = feed;
    this.deletions = new Deletions(context.eraseStudy ?? (async () => undefined));
    const eraseDeleted = (studyId: string): Promise<void> => this.deletions.erased(studyId);
    this.#effects = { ...context, submit, study: (studyId) => this.get(studyId)?.study, eraseDeleted };
    this.#rereads = new Rereads(context);
    this.#waiting = new WaitingInputs(context.clock);
  }

  /** Finds a running study. */
  get(studyId: string): StudyRunner | undefined {
    return this.#runners.get(studyId);
  }

  /** Returns all running studies, in the order of their reading or creation. */
  all(): readonly StudyRunner[] {
    return [...this.#runners.values()];
  }

  /** Finds a study that is set aside. */
  damaged(studyId: string): DamagedStudy | undefined {
    return this.#damaged.get(studyId);
  }

  /** Returns the studies that are set aside. */
  allDamaged(): readonly DamagedStudy[] {
    return [...this.#damaged.values()];
  }

  /**
   * Resumes every study of the log. Sets studies aside whose logs cannot be read.
   *
   * @param times - the lease times of the former leader's record
   * @throws {StoreUnavailableError}
   */
  async recoverAll(times: readonly LeaseTime[]): Promise<void> {
    const left = [...(await this.#context.log.studies())];
    const recoverNext = async (): Promise<void> => {
      for (let studyId = left.shift(); studyId !== undefined; studyId = left.shift()) {
        await this.#recover(studyId, () => times);
      }
    };
    try {
      await Promise.all(Array.from({ length: RECOVERIES_MAX }, recoverNext));
    } finally {
      left.length = 0;
    }
  }

  /**
   * Begins a new study, after the erasure of a deleted one of the same id. Forgets it again if its
   * first record cannot be stored.
   */
  async beginNew(step: Step): Promise<StudyRunner> {
    const { id } = step.state.study;
    await this.deletions.erased(id);
    const deleted = this.deletions.get(id);
    try {
      const runner = await this.#begin(step, deleted?.head ?? EMPTY_CHAIN);
      this.deletions.forget(id);
      return runner;
    } catch (error) {
      this.#runners.delete(id);
      throw error;
    }
  }

  /**
   * Stores the records of an ended study, after the erasure of a deleted one of the same id. A
   * repeat goes on with the records that came first, if the log did not get all of them.
   *
   * @throws an error of `bodies`; nothing is then stored
   * @throws {StoreUnavailableError}
   */
  async importNew(studyId: string, bodies: AsyncIterable<Uint8Array>): Promise<Study> {
    const { mending, logger } = this.#context;
    if (mending === undefined) throw new InvariantError("An import needs the copies of the logs.");
    if (!this.#imports.has(studyId)) {
      await this.deletions.erased(studyId);
      await mending.import(studyId, bodies);
      this.#imports.add(studyId);
    }
    await this.completeImport(studyId);
    const study = this.get(studyId)?.study;
    if (study === undefined) throw new InvariantError(`The imported study ${studyId} cannot be read.`);
    logger.info({ studyId, status: study.status }, "study imported");
    return study;
  }

  /** Tells whether the log of a study may lack imported records. */
  isImporting(studyId: string): boolean {
    return this.#imports.has(studyId);
  }

  /**
   * Gives a log the imported records that it lacks.
   *
   * @throws {StoreUnavailableError} a repeat goes on
   */
  async completeImport(studyId: string): Promise<void> {
    await this.#recover(studyId, () => []);
    this.#imports.delete(studyId);
  }

  /** Notes the deletion of a study, which is then erased. */
  noteDeleted(deleted: DeletedStudy, study?: Study): void {
    this.#runners.delete(deleted.studyId);
    this.#damaged.delete(deleted.studyId);
    this.deletions.add(deleted, study);
  }

  /**
   * Resumes a study, or sets it aside.
   *
   * @param times - returns the lease times, once the log is read: leases are renewed meanwhile
   */
  async #recover(studyId: string, times: () => readonly LeaseTime[]): Promise<void> {
    const replayed = await this.#replayed(studyId);
    if (replayed.kind === "damaged") return this.#setAside(replayed.damaged);
    if (replayed.kind === "deleted") return this.noteDeleted(replayed.deleted);
    this.deletions.forget(studyId);
    const { study, head, skipped } = replayed;
    const step = this.#recovered(study, times());
    if (step === undefined) return;
    this.#context.snapshots?.note(study, head);
    await this.#begin(step, head);
    const facts = { studyId, status: study.status, records: head.sequence, replayed: head.sequence - skipped };
    this.#context.logger.info(facts, "study recovered");
  }

  /** Replays a log from its snapshot on, and once more as a whole if its copy can mend it. */
  async #replayed(studyId: string): ReturnType<typeof replay> {
    const { log, mending, snapshots } = this.#context;
    const replayed = await replay(log, studyId, snapshots);
    if (replayed.kind !== "damaged" || !(await mending?.mend(studyId))) return replayed;
    return await replay(log, studyId);
  }

  /** Resumes a replayed study; undefined if its state has no continuation, and it is set aside. */
  #recovered(study: Study, times: readonly LeaseTime[]): Step | undefined {
    const { clock, rules } = this.#context;
    const now: Now = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallTime().getTime() };
    try {
      return recover(study, now, rules, times);
    } catch (error) {
      this.#setAside(setAside(study.id, error));
      return undefined;
    }
  }

  #setAside(damaged: DamagedStudy): void {
    this.#runners.delete(damaged.studyId);
    this.#damaged.set(damaged.studyId, damaged);
    this.#context.logger.error({ ...damaged }, "study log cannot be read, study set aside");
  }

  async #begin(step: Step, head: ChainHead): Promise<StudyRunner> {
    const { study } = step.state;
    const runner = new StudyRunner(this.#runnerContext(study.id), step.state, head);
    this.#runners.set(study.id, runner);
    await runner.begin(step);
    return runner;
  }

  #runnerContext(studyId: string) {
    const { log, clock, timers, rules, logger, signal, meter, traces } = this.#context;
    const onFatal = (error: unknown): void => void this.#end(studyId, error);
    const onRecord = (study: Study, head: ChainHead): void => {
      if (study.isDeleted !== true) this.#context.snapshots?.note(study, head);
    };
    const onEvents = (study: Study, events: Step["events"]): void => {
      logEvents(logger, study, events);
      const revision = this.#runners.get(studyId)?.revision;
      if (study.isDeleted === true && revision !== undefined) this.noteDeleted(deletedStudy(study, revision), study);
      meter?.stored(events);
      traces?.stored(study, events);
      this.#feed.publish(study.id, events);
    };
    const onEffects = (study: Study, effects: Step["effects"]): void => {
      for (const effect of effects) void this.#runEffect(study, effect, onFatal);
    };
    const callbacks = { onFatal, onRecord, onEvents, onEffects };
    return { log, clock, timers, rules, waiting: this.#waiting, logger, signal, ...callbacks };
  }

  async #runEffect(study: Study, effect: Effect, onFatal: (error: unknown) => void): Promise<void> {
    const { traces, clock } = this.#context;
    if (effect.type === "request-suggestions") traces?.asked(study, clock.wallTime().getTime());
    try {
      await runEffect(this.#effects, study, effect);
    } catch (error) {
      // The study has reported the refusal of its record itself.
      if (this.#context.signal.aborted || error instanceof AnotherWriterError) return;
      // The runner has logged it, and nothing that a restart does would help.
      if (error instanceof UndecidableInputError) return;
      if (error instanceof RecordTooLargeError) this.#logStuck(study, effect, error);
      else onFatal(error);
    }
  }

  /** Logs that a result cannot be stored. The study stays as it is, and all others go on. */
  #logStuck({ id: studyId }: Study, { type: effect }: Effect, { message: reason }: RecordTooLargeError): void {
    const advice = "raise max_payload of NATS to 1 MiB or more, and start the coordinator again";
    this.#context.logger.error({ studyId, effect, reason, advice }, "result too large for the log");
  }

  /** Reads a study again if a former leader has written to its log. Any other fault is fatal. */
  async #end(studyId: string, error: unknown): Promise<void> {
    const { confirmLeadership, onFatal } = this.#context;
    if (!(error instanceof AnotherWriterError) || confirmLeadership === undefined) return onFatal(error);
    await this.#readAgain(studyId, "study log has records of another coordinator, study read again");
  }

  /** Reads a study again whose log has lost its newest records. They come from its copy. */
  async restoreLost(studyId: string): Promise<void> {
    await this.#readAgain(studyId, "study log lacks its newest records, study read again");
  }

  async #readAgain(studyId: string, message: string): Promise<void> {
    const { confirmLeadership, mending, logger, onFatal } = this.#context;
    if (confirmLeadership === undefined || !(await this.#rereads.whenLeading(confirmLeadership))) return;
    logger.warn({ studyId }, message);
    const read = async (): Promise<void> => {
      mending?.expectChanges(studyId);
      await this.#recover(studyId, () => this.#runners.get(studyId)?.leaseTimes() ?? []);
    };
    await this.#rereads.reread(studyId, read).catch(onFatal);
    this.#feed.publish(studyId, []);
  }
}

function deletedStudy({ id, changedAt }: Study, revision: number): DeletedStudy {
  return { studyId: id, at: changedAt, head: { ...EMPTY_CHAIN, revision } };
}
