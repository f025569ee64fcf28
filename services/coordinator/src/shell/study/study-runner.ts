// Runs one study: applies inputs in the order of arrival, and stores their events before it answers
// and runs effects. The inputs that arrive while a record is being stored share the next record.

import { type Clock, sleep, type Timers } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { type Answer, needsCurrentLog } from "../../core/boundary/answer.js";
import type { Effect } from "../../core/boundary/effect.js";
import type { Heartbeat, StudyInput, Tick } from "../../core/boundary/input.js";
import type { Now, Rules } from "../../core/boundary/now.js";
import type { Step } from "../../core/boundary/step.js";
import { type LeaseTime, leaseTimes } from "../../core/leadership/lease-time.js";
import {
  logWait,
  queueWaiting,
  type StudyTrainers,
  studyWaiting,
  trainersOf,
  type Waiting,
} from "../../core/query/waiting.js";
import type { StudyEvent } from "../../core/state/event.js";
import { type State, withRenewals } from "../../core/state/state.js";
import type { Study } from "../../core/state/study.js";
import { leaseHolders } from "../../core/state/trainers.js";
import { RecordTooLargeError, StoreUnavailableError, type StudyLog } from "../../ports/study-log.js";
import { AnotherWriterError, appendRecord, type ChainHead } from "./journal.js";
import { decide, isRefusal, UndecidableInputError } from "./undecidable.js";
import type { WaitingInputs } from "./waiting-inputs.js";

/**
 * Limit of a study's inputs that wait while its log is unavailable. The study refuses further ones,
 * so that they leave room for the calls of other studies.
 */
const WAITING_INPUTS_MAX = 1_000;

/**
 * Largest number of inputs whose events share a record. The answers of a record leave together:
 * callers that answer at once would all wait for the last one of a larger record.
 */
const RECORD_INPUTS_MAX = 64;

/**
 * Shortest interval between the starts of two records under load, in milliseconds, unless more than
 * reports of epochs wait: a trainer without work waits for every other input. A record costs its
 * own processor time, whatever its number of inputs. The interval is a fifth of the time in which
 * an answer is due.
 */
const RECORD_INTERVAL_MS = 10;

/** Limit of the logged faults of inputs that cannot be decided. */
const UNDECIDABLE_MAX = 100;

/** The ports and callbacks of a study runner. */
interface StudyRunnerContext {
  readonly log: StudyLog;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly rules: Rules;
  /** The inputs of all studies that wait. */
  readonly waiting: WaitingInputs;
  readonly logger: Logger;
  /** Aborted when the process stops or no longer leads; ends the waiting for the log. */
  readonly signal: AbortSignal;
  /** Called after a record is stored, with the study after it and the end of its log. */
  readonly onRecord: (study: Study, head: ChainHead) => void;
  /** Called after events are stored, with the study after them. */
  readonly onEvents: (study: Study, events: readonly StudyEvent[]) => void;
  /** Called with a step's effects after its events are stored. */
  readonly onEffects: (study: Study, effects: readonly Effect[]) => void;
  /** Called once if the study cannot continue in this process, unless the signal is aborted. */
  readonly onFatal: (error: unknown) => void;
}

/** An input that waits for its answer. */
interface Request {
  /** True if the input may wait for others that share its record. */
  readonly isPatient: boolean;
  readonly decide: (state: State, now: Now) => Step;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** A study in this process and the queue of its inputs. */
export class StudyRunner {
  readonly #context: StudyRunnerContext;
  #state: State;
  #head: ChainHead;
  readonly #requests: Request[] = [];
  #isStoring = false;
  /** Ends the waiting for inputs that share the next record. */
  #endGathering: () => void = () => undefined;
  /** Deadlines of the leases that heartbeats have renewed since the last decision, by trial id. */
  readonly #renewals = new Map<string, number>();
  /** Messages of the inputs that could not be decided. Each is logged once. */
  readonly #undecidable = new Set<string>();
  #broken: unknown;
  #logFault: string | undefined;

  constructor(context: StudyRunnerContext, state: State, head: ChainHead) {
    this.#context = context;
    this.#state = state;
    this.#head = head;
  }

  get study(): Study {
    return this.#state.study;
  }

  /** Revision of the last record that this process has stored or read. */
  get revision(): number {
    return this.#head.revision;
  }

  /** SHA-256 of this record. */
  get digest(): string {
    return this.#head.digest;
  }

  /** Number of inputs that wait for the log. */
  get waitingInputs(): number {
    return this.#requests.length;
  }

  /** Returns the time that each lease has left. */
  leaseTimes(): readonly LeaseTime[] {
    return leaseTimes(this.#state.study, this.#state.transient.deadlines, this.#now().monotonicMs);
  }

  /** Ids of the trainers that hold a lease of the study. */
  get leaseHolders(): readonly string[] {
    const { study, transient } = this.#state;
    return leaseHolders(study, transient.deadlines.ids());
  }

  /** What the study and its queued trials wait for, in the words that watchers see. */
  get waits(): string {
    const { study, transient } = this.#state;
    const isQueueing = study.outstandingCount > transient.deadlines.size;
    const queue = this.trainers && isQueueing ? queueWaiting(study, this.trainers).message : "";
    return `${this.waiting?.message ?? ""}\n${queue}`;
  }

  /** The live trainers from the view of the study; undefined before the first tick. */
  get trainers(): StudyTrainers | undefined {
    return trainersOf(this.#state);
  }

  /** Reason for which the log cannot be written at present; undefined if it can. */
  get logFault(): string | undefined {
    return this.#logFault;
  }

  /** The reason for which the study waits; undefined if nothing holds it. */
  get waiting(): Waiting | undefined {
    if (this.#logFault === undefined) return studyWaiting(this.#state);
    return logWait(this.#logFault);
  }

  /**
   * Wall time at which this process resumed the study; undefined once an event has recorded it.
   */
  get resumedAt(): number | undefined {
    return this.#state.transient.resumedAt;
  }

  /**
   * Applies an input after all earlier ones.
   *
   * @returns the answer, once the step's events are stored
   * @throws {OverloadedError} if too many inputs wait
   */
  submit(input: StudyInput): Promise<Answer> {
    const { waiting, rules } = this.#context;
    const isFull = this.#requests.length >= WAITING_INPUTS_MAX;
    const refusal = isFull ? waiting.refusal("calls of the study") : waiting.refusalOf(input);
    if (refusal !== undefined) return Promise.reject(refusal);
    const decideInTurn: Request["decide"] = (state, now) => decide(state, input, now, rules);
    const isPatient = input.type === "report-epoch" || input.type === "tick";
    return this.#enqueue({ decide: decideInTurn, isPatient }, waiting.add(input));
  }

  /**
   * Applies a tick after all earlier inputs. A tick without consequences takes no turn of the event
   * loop: thousands of idle studies get two a second each.
   *
   * @throws as `submit` does
   */
  async tick(input: Tick): Promise<void> {
    if (this.#isStoring || this.#broken !== undefined) return void (await this.submit(input));
    const step = this.#decideAtOnce(input);
    if (step === undefined || step.events.length > 0 || step.effects.length > 0) await this.submit(input);
    else this.#state = step.state;
  }

  /**
   * Renews a lease at once, even while the events of earlier inputs are being stored. Three kinds
   * of heartbeats wait for the earlier inputs: one with any other answer than "continue"; one
   * after the lease's deadline, because the record that ends the lease may be among those events;
   * and one with events, as when a budget of time is spent.
   */
  async heartbeat(input: Heartbeat): Promise<Answer> {
    const { trialId } = input.lease;
    const step = this.#decideAtOnce(input);
    const mayBeEnding = this.#isStoring && this.#isOverdue(trialId);
    const isPlain = step !== undefined && step.events.length === 0 && !needsCurrentLog(step.answer);
    if (!isPlain || mayBeEnding) return this.submit(input);
    this.#state = step.state;
    const deadline = step.state.transient.deadlines.get(trialId);
    if (this.#isStoring && deadline !== undefined) this.#renewals.set(trialId, deadline);
    return step.answer;
  }

  #isOverdue(trialId: string): boolean {
    const deadline = this.#state.transient.deadlines.get(trialId);
    return deadline !== undefined && deadline <= this.#context.clock.monotonicMs();
  }

  /** Decides an input before its turn; undefined if it cannot be decided, as its turn reports. */
  #decideAtOnce(input: Tick | Heartbeat): Step | undefined {
    try {
      return decide(this.#state, input, this.#now(), this.#context.rules);
    } catch (error) {
      if (error instanceof UndecidableInputError) return undefined;
      throw error;
    }
  }

  /**
   * Stores the events of the study's creation or recovery and runs the effects. Call this first.
   */
  begin(step: Step): Promise<Answer> {
    return this.#enqueue({ decide: () => step, isPatient: false });
  }

  #now(): Now {
    const { clock } = this.#context;
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallTime().getTime() };
  }

  /** @param onSettled - called once, before the answer or the error */
  #enqueue(input: Pick<Request, "decide" | "isPatient">, onSettled = (): void => undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settling =
        <T>(settle: (value: T) => void) =>
        (value: T): void => {
          onSettled();
          settle(value);
        };
      this.#requests.push({ ...input, resolve: settling(resolve), reject: settling(reject) });
      if (!this.#isStoring) void this.#answerAll();
      if (!input.isPatient) this.#endGathering();
    });
  }

  /** Answers what waits, record by record. The inputs of one turn of the event loop share one. */
  async #answerAll(): Promise<void> {
    const { clock, timers } = this.#context;
    this.#isStoring = true;
    // Without the signal: thousands of studies may wait, and a listener costs their number.
    await sleep(0, timers);
    while (this.#requests.length > 0) {
      const startMs = clock.monotonicMs();
      const requests = this.#requests.splice(0, RECORD_INPUTS_MAX);
      await this.#answer(requests);
      if (requests.length > 1) await this.#gather(startMs + RECORD_INTERVAL_MS);
    }
    this.#isStoring = false;
  }

  /** Waits until a time for further inputs, unless one cannot wait or a record of them is full. */
  async #gather(untilMs: number): Promise<void> {
    const waitMs = untilMs - this.#context.clock.monotonicMs();
    const isFull = this.#requests.length >= RECORD_INPUTS_MAX;
    if (waitMs <= 0 || isFull || this.#requests.some(({ isPatient }) => !isPatient)) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#context.timers.after(waitMs, resolve);
      this.#endGathering = () => {
        cancel();
        resolve();
      };
    });
    this.#endGathering = () => undefined;
  }

  /** Applies inputs one after another, stores their events in one record, and answers. */
  async #answer(requests: readonly Request[]): Promise<void> {
    try {
      const steps = await this.#run(requests);
      for (const [index, { answer }] of steps.entries()) requests[index]?.resolve(answer);
    } catch (error) {
      await this.#refuse(requests, error);
    }
  }

  /** Refuses the inputs that an error concerns, and answers those beside them. */
  async #refuse(requests: readonly Request[], error: unknown): Promise<void> {
    // One input may be decided, and its events may fit, where this does not hold for all.
    if ((error instanceof RecordTooLargeError || error instanceof UndecidableInputError) && requests.length > 1) {
      for (const request of requests) await this.#answer([request]);
      return;
    }
    if (error instanceof UndecidableInputError) this.#logUndecidable(error);
    const others = error instanceof StoreUnavailableError ? this.#answerable(requests) : [];
    for (const request of requests) if (!others.includes(request)) request.reject(error);
    if (others.length > 0) await this.#answer(others);
  }

  #logUndecidable(error: UndecidableInputError): void {
    if (this.#undecidable.has(error.message) || this.#undecidable.size >= UNDECIDABLE_MAX) return;
    this.#undecidable.add(error.message);
    this.#context.logger.error({ studyId: this.study.id, err: error.cause }, "input cannot be decided, refused");
  }

  /** Returns the inputs that may be answered while the store cannot confirm the log. */
  #answerable(requests: readonly Request[]): readonly Request[] {
    const steps = this.#decide(requests);
    return requests.filter((_, index) => !needsCurrentLog((steps[index] as Step).answer));
  }

  async #run(requests: readonly Request[]): Promise<readonly Step[]> {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      const steps = this.#decide(requests);
      await this.#store(steps);
      this.#adopt(steps);
      return steps;
    } catch (error) {
      if (isRefusal(error)) throw error;
      this.#broken = error;
      // After the end of a leadership the next leader has the study, and this process may follow.
      if (!this.#context.signal.aborted) this.#context.onFatal(error);
      throw error;
    }
  }

  /** Returns the step of each input, of which each continues from the one before. */
  #decide(requests: readonly Request[]): readonly Step[] {
    const now = this.#now();
    let state = this.#state;
    this.#renewals.clear();
    return requests.map(({ decide }) => {
      const step = decide(state, now);
      state = step.state;
      return step;
    });
  }

  /**
   * Stores the events of steps of one time. Without events, checks that answers may be given.
   */
  async #store(steps: readonly Step[]): Promise<void> {
    const events = steps.flatMap((step) => step.events);
    if (events.length === 0) {
      if (steps.some(({ answer }) => needsCurrentLog(answer))) await this.#checkHead();
      return;
    }
    const { log, logger, signal, clock, timers } = this.#context;
    const studyId = this.study.id;
    const onFault = (reason: string | undefined) => {
      this.#logFault = reason;
    };
    const context = { logger, signal, clock, timers, onFault };
    this.#head = await appendRecord(log, this.#head, { studyId, at: (steps[0] as Step).at, events }, context);
  }

  /** Continues from the last step, and passes on what all steps brought. */
  #adopt(steps: readonly Step[]): void {
    const { state } = steps.at(-1) as Step;
    this.#state = { ...state, transient: withRenewals(state.transient, this.#renewals) };
    if (steps.some(({ events }) => events.length > 0)) this.#context.onRecord(state.study, this.#head);
    for (const { state, events, effects } of steps) {
      if (events.length > 0) this.#context.onEvents(state.study, events);
      if (effects.length > 0) this.#context.onEffects(state.study, effects);
    }
  }

  /**
   * Checks that no other coordinator has written since this one last did.
   *
   * @throws {AnotherWriterError} if one has
   */
  async #checkHead(): Promise<void> {
    const { id } = this.#state.study;
    if ((await this.#context.log.revision(id)) !== this.#head.revision) throw new AnotherWriterError(id);
  }
}
