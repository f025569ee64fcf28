// All studies of a process: resumes them from their logs, creates new ones, and sends them ticks.

import { randomBytes } from "node:crypto";
import { nameOf, STUDY_ID, type StudyId } from "@sintonia/protocol/names";
import { retry } from "@sintonia/runtime/backoff";
import { type Clock, every, sleep } from "@sintonia/runtime/clock";
import type { Importance, ImportanceOptions } from "@sintonia/tuning/importance/importance";
import { differencesText, specDifferences } from "@sintonia/tuning/spec/differences";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { specWarnings } from "@sintonia/tuning/spec/warnings";
import { create, recover } from "../core/apply.js";
import type { Answer } from "../core/boundary/answer.js";
import type { Effect } from "../core/boundary/effect.js";
import type { StudyInput, Tick } from "../core/boundary/input.js";
import type { Now, Rules } from "../core/boundary/now.js";
import type { Step } from "../core/boundary/step.js";
import { isLate, type LeaseTime } from "../core/leadership/lease-time.js";
import { suggestionRequest } from "../core/query/oracle-request.js";
import { activeMs, type Waiting } from "../core/query/waiting.js";
import { isLeased, isOutstanding, isOver, leasableTrials, type Study } from "../core/state/study.js";
import { RecordTooLargeError, type StoredRecord, StoreUnavailableError, type StudyLog } from "../ports/study-log.js";
import { deleteLeftCheckpoints, replay, setAside } from "./recovery.js";
import { SharedQuestions } from "./shared-questions.js";
import { byCreation, byId, type DamagedStudy, type Standing, type Studies } from "./studies.js";
import { type EffectContext, runEffect } from "./study/effect-runner.js";
import { logEvents } from "./study/event-logging.js";
import { AnotherWriterError, type ChainHead, EMPTY_CHAIN } from "./study/journal.js";
import { StudyFeed, type StudyUpdate } from "./study/study-feed.js";
import { OverloadedError, StudyRunner } from "./study/study-runner.js";
import { type GoneTrainer, TrainerRegistry } from "./trainer-registry.js";
import { explainTrial, type TrialExplanation } from "./trial-explanation.js";

/** The ports and settings of a coordinator. */
interface CoordinatorContext extends Omit<EffectContext, "submit" | "study"> {
  readonly log: StudyLog;
  /** Mends the log with its copies. @default a damaged log sets its study aside */
  readonly mending?: LogMending;
  readonly clock: Clock;
  readonly rules: Rules;
  /** Time without a sign of life after which a trainer counts as gone, in milliseconds. */
  readonly trainerSilenceMs: number;
  /** Returns the reason for which uploads cannot be stored; undefined if they can. */
  readonly stateFault: () => string | undefined;
  /** Interval of the ticks that the studies receive. */
  readonly tickMs: number;
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
  /** Another process wrote to the log of a study. */
  expectChanges(studyId: string): void;
  /** Tells whether a log that cannot be read shall be read again, with records of its copy. */
  mend(studyId: string): Promise<boolean>;
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

/** Limit of studies whose first record is being stored. It bounds memory while NATS is away. */
const CREATIONS_MAX = 100;

/**
 * Limit of the lease times in the leader's record, which thus fits into a message. A successor
 * gives further leases a full time to live.
 */
const LEASE_TIMES_MAX = 5_000;

/** Delays before a study is read again that another process keeps writing to. */
const REREAD_DELAY_MS = 250;
const REREAD_DELAY_MAX_MS = 30_000;

/** Delay before a leader asks again whether it still leads, while the store does not answer. */
const CONFIRM_AGAIN_MS = 500;

/** All studies of a coordinator process. */
export class Coordinator implements Studies {
  readonly #context: CoordinatorContext;
  readonly #effects: EffectContext;
  readonly #runners = new Map<string, StudyRunner>();
  readonly #damaged = new Map<string, DamagedStudy>();
  readonly #feed = new StudyFeed();
  readonly #questions = new SharedQuestions();
  readonly #trainers: TrainerRegistry;
  /** The last time that each study was read again, and how often in a row. */
  readonly #rereads = new Map<string, { readonly atMs: number; readonly count: number }>();
  /** Creations whose first record is being stored, by study id. */
  readonly #creating = new Map<string, Promise<unknown>>();
  /** Message of the wait that the watchers of each study have seen. */
  readonly #published = new WeakMap<StudyRunner, string | undefined>();
  /** Studies whose last tick is not yet applied. */
  readonly #ticking = new Set<StudyRunner>();

  constructor(context: CoordinatorContext) {
    this.#context = context;
    this.#effects = {
      ...context,
      study: (studyId) => this.study(studyId),
      submit: (studyId, input) => this.submit(studyId, input),
    };
    this.#trainers = new TrainerRegistry(context.clock, context.trainerSilenceMs);
  }

  /**
   * Resumes every study of the log. Sets studies aside whose logs cannot be read.
   *
   * @param times - the lease times of the former leader's record
   */
  async recover(times: readonly LeaseTime[] = []): Promise<void> {
    for (const studyId of await this.#context.log.studies()) await this.#recoverStudy(studyId, times);
    const { checkpoints, logger } = this.#context;
    await deleteLeftCheckpoints(checkpoints, (studyId) => this.study(studyId), logger);
  }

  /** Replays a log, and once more if its copy can mend it. */
  async #replayed(studyId: string): ReturnType<typeof replay> {
    const { log, mending } = this.#context;
    const replayed = await replay(log, studyId);
    if (replayed.kind === "study" || !(await mending?.mend(studyId))) return replayed;
    return await replay(log, studyId);
  }

  async #recoverStudy(studyId: string, times: readonly LeaseTime[]): Promise<void> {
    const replayed = await this.#replayed(studyId);
    if (replayed.kind === "damaged") return this.#setAside(replayed.damaged);
    const { study, head } = replayed;
    const step = this.#recovered(study, times);
    if (step === undefined) return;
    await this.#begin(step, head);
    this.#context.logger.info({ studyId, status: study.status, records: head.sequence }, "study recovered");
  }

  /** Resumes a replayed study; undefined if its state has no continuation, and it is set aside. */
  #recovered(study: Study, times: readonly LeaseTime[]): Step | undefined {
    try {
      return recover(study, this.#now(), this.#context.rules, times);
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

  /** Creates a study. Returns the existing one if its id and spec are the same. */
  async create(spec: StudySpec, wantedId?: StudyId): Promise<Creation> {
    const studyId = wantedId ?? nameOf(STUDY_ID, `${spec.name}-${randomBytes(3).toString("hex")}`);
    // Ignored: the fault of another creation is for its caller, and this one begins anew.
    while (this.#creating.has(studyId)) await this.#creating.get(studyId)?.catch(() => undefined);
    const existing = this.#runners.get(studyId);
    if (existing !== undefined) return existingStudy(existing.study, spec);
    const damaged = this.#damaged.get(studyId);
    if (damaged !== undefined) return { kind: "damaged", damaged };
    if (this.#creating.size >= CREATIONS_MAX) throw new OverloadedError("new studies");
    const step = create({ type: "create-study", studyId, spec }, this.#now(), this.#context.rules);
    const runner = await this.#beginNew(step);
    await this.#tick(runner, this.#present());
    for (const warning of specWarnings(spec)) this.#context.logger.warn({ studyId, warning }, "study spec is unusual");
    return { kind: "created", study: runner.study };
  }

  studies(): readonly Study[] {
    const studies = [...this.#runners.values()].map((runner) => runner.study);
    return studies.sort(byCreation);
  }

  study(studyId: string): Study | undefined {
    return this.#runners.get(studyId)?.study;
  }

  standing(study: Study): Standing {
    const runner = this.#runners.get(study.id);
    const waiting = runner === undefined ? undefined : this.#waitingOf(runner);
    return { waiting, activeMs: activeMs(study, this.#now().wallMs, runner?.resumedAt) };
  }

  damagedStudy(studyId: string): DamagedStudy | undefined {
    return this.#damaged.get(studyId);
  }

  damagedStudies(): readonly DamagedStudy[] {
    return [...this.#damaged.values()].sort(byId);
  }

  explain(studyId: string, trialId: string): Promise<TrialExplanation> {
    const explain = () => explainTrial(this.#context, studyId, trialId);
    return this.#questions.ask(studyId, `explain ${trialId}`, explain);
  }

  importance(study: Study, options: ImportanceOptions): Promise<Importance | undefined> {
    const ended = study.trials.filter((trial) => !isOutstanding(trial)).length;
    const question = `importance ${ended} ${JSON.stringify(options)}`;
    const { oracles } = this.#context;
    const compute = () => oracles.importance(suggestionRequest(study, study.trials.length), options);
    return this.#questions.ask(study.id, question, compute);
  }

  /** Rejects with the reason if the log of a study cannot be written at present. */
  async checkLogs(): Promise<void> {
    for (const { logFault } of this.#runners.values()) if (logFault !== undefined) throw new Error(logFault);
  }

  trainerCount(): number {
    return this.#trainers.live().length;
  }

  /** Submits an input to a study; undefined if there is no such study. */
  async submit(studyId: string, input: StudyInput): Promise<Answer | undefined> {
    const runner = this.#runners.get(studyId);
    if (runner === undefined) return undefined;
    return input.type === "heartbeat" ? runner.heartbeat(input) : runner.submit(input);
  }

  /**
   * Records a sign of life of a trainer. Sends a tick to all studies if the trainer is new, so
   * that it finds work at once.
   */
  async noteTrainer(trainerId: string): Promise<void> {
    if (!this.#trainers.note(trainerId)) return;
    this.#context.logger.info({ trainerId, trainerCount: this.trainerCount() }, "trainer appeared");
    await this.#tickAll();
  }

  watch(studyId: string, signal: AbortSignal): AsyncIterable<StudyUpdate> | undefined {
    const runner = this.#runners.get(studyId);
    if (runner === undefined) return undefined;
    const current = (): Study => this.study(studyId) ?? runner.study;
    return this.#feed.watch(studyId, { current, isLast: isOver, signal });
  }

  /** Returns the lease times for the record of the leader. */
  leaseTimes(): readonly LeaseTime[] {
    const { leaseTtlMs } = this.#context.rules;
    const all = [...this.#runners.values()].flatMap((runner) => runner.leaseTimes());
    return all.filter((time) => isLate(time, leaseTtlMs)).slice(0, LEASE_TIMES_MAX);
  }

  records(studyId: string): AsyncIterable<StoredRecord> {
    return this.#context.log.read(studyId);
  }

  /** Sends ticks to all studies until the context's signal is aborted. */
  startTicks(): void {
    const { tickMs, timers, signal } = this.#context;
    const end = every(tickMs, timers, () => void this.#tickAll());
    signal.addEventListener("abort", end, { once: true });
  }

  async #tickAll(): Promise<void> {
    for (const gone of this.#trainers.takeGone()) this.#logGone(gone);
    const tick = this.#present();
    const going = [...this.#runners.values()].filter((runner) => !isOver(runner.study));
    await Promise.all(going.map((runner) => this.#tick(runner, tick)));
  }

  /** Logs the end of a trainer. Its leases end in the tick that follows. */
  #logGone({ trainerId, silentMs }: GoneTrainer): void {
    const trials = this.studies().flatMap((study) =>
      leasableTrials(study)
        .filter((trial) => isLeased(trial) && trial.lease?.trainerId === trainerId)
        .map(({ id }) => `${study.id}/${id}`),
    );
    const facts = { trainerId, silentSeconds: Math.round(silentMs / 1000), trials, trainerCount: this.trainerCount() };
    this.#context.logger[trials.length > 0 ? "warn" : "info"](facts, "trainer gone");
  }

  /** Returns the tick of the present. The active studies share the live trainers evenly. */
  #present(): Tick {
    const active = [...this.#runners.values()].filter(({ study }) => study.status === "active").length;
    const trainerIds = this.#trainers.live();
    return { type: "tick", capacity: Math.ceil(trainerIds.length / Math.max(1, active)), trainerIds };
  }

  /** Sends a tick to a study, unless an earlier one still waits for the study's log. */
  async #tick(runner: StudyRunner, tick: Tick): Promise<void> {
    if (this.#ticking.has(runner)) return this.#publishWaiting(runner);
    this.#ticking.add(runner);
    // Ignored: the study reported a fatal fault through onFatal, and survives other faults until
    // the next tick.
    await runner.submit(tick).catch(() => undefined);
    this.#ticking.delete(runner);
    this.#publishWaiting(runner);
  }

  /** Sends the study to its watchers if it waits for another reason than before. */
  #publishWaiting(runner: StudyRunner): void {
    const message = this.#waitingOf(runner)?.message;
    if (message === this.#published.get(runner)) return;
    this.#published.set(runner, message);
    this.#feed.publish(runner.study.id, []);
  }

  #waitingOf(runner: StudyRunner): Waiting | undefined {
    const fault = isOver(runner.study) ? undefined : this.#context.stateFault();
    return fault === undefined
      ? runner.waiting
      : { reason: "state-folder", message: `Nothing can be stored: ${fault}.` };
  }

  /** Begins a new study. Forgets it again if its first record cannot be stored. */
  async #beginNew(step: Step): Promise<StudyRunner> {
    const { id } = step.state.study;
    const stored = this.#begin(step, EMPTY_CHAIN);
    this.#creating.set(id, stored);
    try {
      return await stored;
    } catch (error) {
      this.#runners.delete(id);
      throw error;
    } finally {
      this.#creating.delete(id);
    }
  }

  async #begin(step: Step, head: ChainHead): Promise<StudyRunner> {
    const { study } = step.state;
    const runner = new StudyRunner(this.#runnerContext(study.id), step.state, head);
    this.#runners.set(study.id, runner);
    await runner.begin(step);
    return runner;
  }

  #runnerContext(studyId: string) {
    const { log, clock, timers, rules, logger, signal } = this.#context;
    const onFatal = (error: unknown): void => void this.#endRunner(studyId, error);
    return {
      log,
      clock,
      timers,
      rules,
      logger,
      signal,
      onFatal,
      onEvents: (study: Study, events: Step["events"]) => {
        logEvents(logger, study, events);
        this.#feed.publish(study.id, events);
      },
      onEffects: (study: Study, effects: Step["effects"]) => {
        for (const effect of effects) {
          runEffect(this.#effects, study, effect).catch((error: unknown) => {
            // The study has reported the refusal of its record itself.
            if (signal.aborted || error instanceof AnotherWriterError) return;
            if (error instanceof RecordTooLargeError) this.#logStuck(study, effect, error);
            else onFatal(error);
          });
        }
      },
    };
  }

  /** Reads a study again if a former leader has written to its log. Any other fault is fatal. */
  async #endRunner(studyId: string, error: unknown): Promise<void> {
    const { confirmLeadership, signal, timers, logger, onFatal } = this.#context;
    const runner = this.#runners.get(studyId);
    if (!(error instanceof AnotherWriterError) || confirmLeadership === undefined) return onFatal(error);
    while (!signal.aborted && !(await confirmLeadership())) await sleep(CONFIRM_AGAIN_MS, timers, signal);
    if (signal.aborted) return;
    logger.warn({ studyId }, "study log has records of another coordinator, study read again");
    await sleep(this.#rereadDelayMs(studyId), timers, signal);
    this.#context.mending?.expectChanges(studyId);
    const times = runner?.leaseTimes().map((time) => ({ ...time, isGraced: true })) ?? [];
    const read = (): Promise<void> => this.#recoverStudy(studyId, times);
    const isTransient = (fault: Error): boolean => fault instanceof StoreUnavailableError;
    await retry(read, { signal, timers, isTransient }).catch((fault: unknown) => {
      if (!signal.aborted) onFatal(fault);
    });
    this.#feed.publish(studyId, []);
  }

  /** Returns the delay before a study is read again, which grows while this happens repeatedly. */
  #rereadDelayMs(studyId: string): number {
    const nowMs = this.#context.clock.monotonicMs();
    const last = this.#rereads.get(studyId);
    const count = last === undefined || nowMs - last.atMs > 2 * REREAD_DELAY_MAX_MS ? 0 : last.count + 1;
    this.#rereads.set(studyId, { atMs: nowMs, count });
    return count === 0 ? 0 : Math.min(REREAD_DELAY_MAX_MS, REREAD_DELAY_MS * 2 ** count);
  }

  /** Logs that a result cannot be stored. The study stays as it is, and all others go on. */
  #logStuck({ id: studyId }: Study, { type: effect }: Effect, { message: reason }: RecordTooLargeError): void {
    const advice = "raise max_payload of NATS to 1 MiB or more, and start the coordinator again";
    this.#context.logger.error({ studyId, effect, reason, advice }, "result too large for the log");
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
