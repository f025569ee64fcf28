// All studies of a process: resumes them from their logs, creates new ones, and sends them ticks.

import { randomBytes } from "node:crypto";
import type { TrainerOrder } from "@sintonia/protocol/directive";
import { nameOf, STUDY_ID, type StudyId } from "@sintonia/protocol/names";
import { messageOf } from "@sintonia/runtime/errors";
import type { Importance, ImportanceOptions } from "@sintonia/tuning/importance/importance";
import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { differencesText, specDifferences } from "@sintonia/tuning/spec/differences";
import { resourceClassesOf } from "@sintonia/tuning/spec/resources";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { specWarnings } from "@sintonia/tuning/spec/warnings";
import type { Slice, SlicePlan } from "@sintonia/tuning/surrogate/belief/slice";
import { create } from "../../core/apply.js";
import type { Answer } from "../../core/boundary/answer.js";
import type { StudyInput } from "../../core/boundary/input.js";
import type { Now } from "../../core/boundary/now.js";
import { type Cordon, type CordonDecision, type CordonWish, findCordon, orderFor } from "../../core/cordon/cordons.js";
import { isLate, type LeaseTime } from "../../core/leadership/lease-time.js";
import { suggestionRequest } from "../../core/query/oracle-request.js";
import { activeMs } from "../../core/query/waiting.js";
import { type Offer, UNKNOWN_OFFER } from "../../core/resources/fit.js";
import { hasEnded, isOver, type Study } from "../../core/state/study.js";
import type { RecordPosition, StoredRecord } from "../../ports/study-log.js";
import { checkedImport, StudyExistsError, type StudyImport } from "../import/checked-import.js";
import { deleteLeftCheckpoints } from "../recovery.js";
import { SharedQuestions } from "../shared-questions.js";
import { byCreation, byId, type DamagedStudy, type DeletedStudy, type Standing, type Studies } from "../studies.js";
import { appendTombstone, EMPTY_CHAIN } from "../study/journal.js";
import { StudyFeed, type StudyUpdate } from "../study/study-feed.js";
import type { StudyRunner } from "../study/study-runner.js";
import { OverloadedError } from "../study/waiting-inputs.js";
import { explainTrial, type TrialExplanation } from "../trial-explanation.js";
import type { CordonRegister } from "./cordon-register.js";
import { type ListedTrainer, listedTrainers } from "./listed-trainers.js";
import { type RunningContext, RunningStudies } from "./running-studies.js";
import { type TickContext, Ticks } from "./ticks.js";
import { wholeLog } from "./whole-log.js";

/** The ports and settings of a coordinator. */
interface CoordinatorContext extends RunningContext, TickContext {
  readonly cordons: CordonRegister;
}

/** The result of a request to create a study. */
export type Creation =
  | { readonly kind: "created" | "existed"; readonly study: Study }
  /**
   * A study with another spec has the same id. `differences` describes for a person what differs.
   */
  | { readonly kind: "conflict"; readonly differences: string }
  /** A study with the same id is set aside. */
  | { readonly kind: "damaged"; readonly damaged: DamagedStudy };

/** The result of a request to delete a study. */
export type Deletion =
  | { readonly kind: "deleted"; readonly deleted: DeletedStudy }
  /** The study has not ended. */
  | { readonly kind: "open"; readonly study: Study }
  | { readonly kind: "unknown" };

/** Limit of studies whose first record is being stored. It bounds memory while NATS is away. */
const CREATIONS_MAX = 100;

/**
 * Limit of the lease times in the leader's record, which thus fits into a message. A successor
 * gives further leases a full time to live.
 */
const LEASE_TIMES_MAX = 5_000;

/** All studies of a coordinator process. */
export class Coordinator implements Studies {
  readonly #context: CoordinatorContext;
  readonly #feed = new StudyFeed();
  readonly #questions = new SharedQuestions();
  readonly #running: RunningStudies;
  readonly #ticks: Ticks;
  /** Creations whose first record is being stored, by study id. */
  readonly #creating = new Map<string, Promise<unknown>>();

  constructor(context: CoordinatorContext) {
    this.#context = context;
    this.#running = new RunningStudies(context, this.#feed, (studyId, input) => this.submit(studyId, input));
    const publish = ({ study }: StudyRunner): void => this.#feed.publishWaits(study);
    this.#ticks = new Ticks(context, () => this.#running.all(), publish);
  }

  /**
   * Resumes every study of the log. Sets studies aside whose logs cannot be read.
   *
   * @param times - the lease times of the former leader's record
   */
  async recover(times: readonly LeaseTime[] = []): Promise<void> {
    await this.#running.recoverAll(times);
    const { checkpoints, logger } = this.#context;
    await deleteLeftCheckpoints(checkpoints, (studyId) => this.study(studyId), logger);
  }

  /** Creates a study. Returns the existing one if its id and spec are the same. */
  async create(spec: StudySpec, wantedId?: StudyId): Promise<Creation> {
    const studyId = wantedId ?? nameOf(STUDY_ID, `${spec.name}-${randomBytes(3).toString("hex")}`);
    do await this.#settled(studyId);
    while (this.#creating.has(studyId));
    const existing = this.#running.get(studyId);
    if (existing !== undefined) return existingStudy(existing.study, spec);
    const damaged = this.#running.damaged(studyId);
    if (damaged !== undefined) return { kind: "damaged", damaged };
    if (this.#creating.size >= CREATIONS_MAX) throw new OverloadedError("new studies");
    const runner = await this.#begin(studyId, spec);
    await this.#ticks.tickOne(runner);
    for (const warning of specWarnings(spec)) this.#context.logger.warn({ studyId, warning }, "study spec is unusual");
    return { kind: "created", study: runner.study };
  }

  /**
   * Deletes a study, and erases what is stored of it. A study that is set aside can be deleted too.
   *
   * @param cancels - true to cancel a study that has not ended; it is refused otherwise
   */
  async delete(studyId: string, cancels: boolean): Promise<Deletion> {
    await this.#settled(studyId);
    const runner = this.#running.get(studyId);
    if (runner !== undefined) {
      const answer = await runner.submit({ type: "delete-study", cancels });
      if (answer.kind === "rejected") return { kind: "open", study: runner.study };
    } else if (this.#running.damaged(studyId) !== undefined) await this.#deleteDamaged(studyId);
    await this.#running.deletions.erased(studyId);
    const deleted = this.deletedStudy(studyId);
    return deleted === undefined ? { kind: "unknown" } : { kind: "deleted", deleted };
  }

  /**
   * Stores an ended study of another installation, or one that was deleted here. Nothing of it runs
   * again.
   *
   * @throws {StudyExistsError} if another study has its id
   * @throws as `checkedImport` does
   */
  async importStudy(incoming: StudyImport): Promise<{ readonly study: Study; readonly existed: boolean }> {
    const { studyId, digest } = incoming;
    while (this.#creating.has(studyId)) await this.#creating.get(studyId)?.catch(() => undefined);
    const present = this.#running.get(studyId);
    if (present?.digest === digest) return { study: present.study, existed: true };
    if (present !== undefined || this.#running.damaged(studyId) !== undefined) throw new StudyExistsError(studyId);
    const stored = this.#running.importNew(studyId, checkedImport(incoming));
    this.#creating.set(studyId, stored);
    try {
      const study = await stored;
      if (this.#running.get(studyId)?.digest !== digest) throw new StudyExistsError(studyId);
      return { study, existed: false };
    } finally {
      this.#creating.delete(studyId);
    }
  }

  /**
   * Waits for the call that begins a study, and completes an import that the store has interrupted:
   * its copy would bring the imported study back at the next start.
   */
  async #settled(studyId: string): Promise<void> {
    // Ignored: the fault of another creation is for its caller, and this one begins anew.
    while (this.#creating.has(studyId)) await this.#creating.get(studyId)?.catch(() => undefined);
    if (!this.#running.isImporting(studyId)) return;
    const completed = this.#running.completeImport(studyId);
    this.#creating.set(studyId, completed);
    await completed.finally(() => this.#creating.delete(studyId));
  }

  /** Erases what an earlier process has left of deleted studies. Logs a fault. */
  async eraseDeleted(): Promise<void> {
    for (const studyId of this.#running.deletions.ids()) {
      await this.#running.deletions.erased(studyId).catch((error: unknown) => {
        this.#context.logger.warn({ studyId, reason: messageOf(error) }, "deleted study not erased");
      });
    }
  }

  studies(): readonly Study[] {
    const studies = this.#running.all().map((runner) => runner.study);
    return studies.sort(byCreation);
  }

  study(studyId: string): Study | undefined {
    return this.#running.get(studyId)?.study;
  }

  standing(study: Study): Standing {
    const runner = this.#running.get(study.id);
    const { waiting, trainers } = runner ?? {};
    const { wallMs } = this.#now();
    return { waiting, trainers, activeMs: activeMs(study, wallMs, runner?.resumedAt), wallMs };
  }

  deletedStudy(studyId: string): DeletedStudy | undefined {
    return this.#running.deletions.get(studyId);
  }

  damagedStudy(studyId: string): DamagedStudy | undefined {
    return this.#running.damaged(studyId);
  }

  damagedStudies(): readonly DamagedStudy[] {
    return [...this.#running.allDamaged()].sort(byId);
  }

  explain(studyId: string, trialId: string): Promise<TrialExplanation> {
    const explain = () => explainTrial(this.#context, studyId, trialId);
    return this.#questions.ask(studyId, `explain ${trialId}`, explain);
  }

  importance(study: Study, options: ImportanceOptions): Promise<Importance | undefined> {
    const { oracles } = this.#context;
    return this.#askOfEnded(study, `importance ${JSON.stringify(options)}`, (known) =>
      oracles.importance(known, options),
    );
  }

  slice(study: Study, plan: SlicePlan): Promise<Slice | undefined> {
    const { oracles } = this.#context;
    return this.#askOfEnded(study, `slice ${JSON.stringify(plan)}`, (known) => oracles.slice(known, plan));
  }

  /** Asks a question whose answer depends on the ended trials of a study. */
  #askOfEnded<T>(study: Study, question: string, compute: (known: SuggestionRequest) => Promise<T>): Promise<T> {
    const ended = study.trials.filter(hasEnded).length;
    const ask = (): Promise<T> => compute(suggestionRequest(study, study.trials.length));
    return this.#questions.ask(study.id, `${question} ${ended}`, ask);
  }

  /** Rejects with the reason if the log of a study cannot be written at present. */
  async checkLogs(): Promise<void> {
    for (const { logFault } of this.#running.all()) if (logFault !== undefined) throw new Error(logFault);
  }

  /** Returns the number of inputs that wait for the logs of their studies. */
  waitingInputs(): number {
    return this.#running.all().reduce((sum, runner) => sum + runner.waitingInputs, 0);
  }

  trainerCount(): number {
    return this.#ticks.trainerCount();
  }

  /** Submits an input to a study; undefined if there is no such study. */
  async submit(studyId: string, input: StudyInput): Promise<Answer | undefined> {
    const runner = this.#running.get(studyId);
    if (runner === undefined) return undefined;
    return input.type === "heartbeat" ? runner.heartbeat(input) : runner.submit(input);
  }

  /** Returns the live trainers and the cordoned ones, each with what it trains. */
  trainers(): readonly ListedTrainer[] {
    return listedTrainers(this.#ticks.trainers(), this.#context.cordons.cordons, this.studies());
  }

  /** Returns the resource classes, apart from ANY_CLASS, of which trainers live. */
  trainerClasses(): readonly string[] {
    return [...new Set(this.#ticks.trainers().flatMap(({ offer }) => resourceClassesOf(offer)))];
  }

  /** Returns the number of live trainers that are cordoned. */
  cordonedCount(): number {
    return this.#ticks.trainers().filter(({ trainerId }) => this.orderFor(trainerId) !== "none").length;
  }

  /** Returns the order of a person about a trainer. */
  orderFor(trainerId: string): TrainerOrder {
    return orderFor(this.#context.cordons.cordons, trainerId);
  }

  /**
   * Carries out the wish of a person about a trainer, and stores it.
   *
   * @returns undefined if the trainer is neither live nor cordoned
   * @throws {StoreUnavailableError}
   */
  async changeCordon(wish: CordonWish): Promise<CordonDecision | undefined> {
    const { trainerId } = wish;
    const isKnown = (one: ListedTrainer): boolean => one.trainerId === trainerId;
    if (wish.type !== "uncordon" && !this.trainers().some(isKnown)) return undefined;
    const decision = await this.#context.cordons.change(wish);
    await this.#ticks.tickNow();
    return decision;
  }

  /** Returns the cordon of a trainer. */
  cordonOf(trainerId: string): Cordon | undefined {
    return findCordon(this.#context.cordons.cordons, trainerId);
  }

  /** Records a sign of life of a trainer. */
  async noteTrainer(trainerId: string, offer?: Offer): Promise<void> {
    this.#openQueues(offer);
    await this.#ticks.noteTrainer(trainerId, offer);
  }

  /** Makes the queues that a trainer of an offer takes assignments from. */
  #openQueues(offer: Offer = UNKNOWN_OFFER): void {
    const { queue, logger } = this.#context;
    for (const resourceClass of resourceClassesOf(offer)) {
      // Not awaited: the trainer's next heartbeat repeats it.
      queue.open(resourceClass).catch((error: unknown) => {
        logger.warn({ resourceClass, reason: messageOf(error) }, "queue of a resource class not made");
      });
    }
  }

  watch(studyId: string, signal: AbortSignal): AsyncIterable<StudyUpdate> | undefined {
    const runner = this.#running.get(studyId);
    if (runner === undefined) return undefined;
    const current = (): Study => this.study(studyId) ?? runner.study;
    return this.#feed.watch(studyId, { current, isLast: isOver, signal });
  }

  /** Returns the lease times for the record of the leader. */
  leaseTimes(): readonly LeaseTime[] {
    const { leaseTtlMs } = this.#context.rules;
    const all = this.#running.all().flatMap((runner) => runner.leaseTimes());
    return all.filter((time) => isLate(time, leaseTtlMs)).slice(0, LEASE_TIMES_MAX);
  }

  records(studyId: string, from?: RecordPosition): AsyncIterable<StoredRecord> {
    const { revision = 0 } = this.#running.get(studyId) ?? {};
    const onLost = (): void => void this.#running.restoreLost(studyId);
    return wholeLog(this.#context.log.read(studyId, from), { studyId, revision }, onLost);
  }

  /** Sends ticks to all studies until the context's signal is aborted. */
  startTicks(): void {
    this.#ticks.start();
  }

  async #begin(studyId: StudyId, spec: StudySpec): Promise<StudyRunner> {
    const step = create({ type: "create-study", studyId, spec }, this.#now(), this.#context.rules);
    const stored = this.#running.beginNew(step);
    this.#creating.set(studyId, stored);
    try {
      return await stored;
    } finally {
      this.#creating.delete(studyId);
    }
  }

  /** Stores a tombstone after a log that cannot be read. */
  async #deleteDamaged(studyId: string): Promise<void> {
    const { log, logger } = this.#context;
    const at = this.#now().wallMs;
    const revision = await appendTombstone(log, studyId, at);
    this.#running.noteDeleted({ studyId, at, head: { ...EMPTY_CHAIN, revision } });
    logger.info({ studyId }, "study deleted that was set aside");
  }

  #now(): Now {
    const { clock } = this.#context;
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallTime().getTime() };
  }
}

function existingStudy(study: Study, spec: StudySpec): Creation {
  if (specDifferences(study.spec, spec).length === 0) return { kind: "existed", study };
  return { kind: "conflict", differences: differencesText(study.spec, spec) };
}
