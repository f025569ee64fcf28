// Runs one study: applies inputs one at a time, and stores their events before it answers and runs
// effects.

import type { Clock, Timers } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { apply } from "../../core/apply.js";
import { type Answer, needsCurrentLog } from "../../core/boundary/answer.js";
import type { Effect } from "../../core/boundary/effect.js";
import type { Heartbeat, StudyInput } from "../../core/boundary/input.js";
import type { Now, Rules } from "../../core/boundary/now.js";
import type { Step } from "../../core/boundary/step.js";
import { studyWaiting, type Waiting } from "../../core/query/waiting.js";
import type { StudyEvent } from "../../core/state/event.js";
import type { State } from "../../core/state/state.js";
import type { Study } from "../../core/state/study.js";
import { RecordTooLargeError, StoreUnavailableError, type StudyLog } from "../../ports/study-log.js";
import { AnotherWriterError, appendRecord, type ChainHead } from "./journal.js";

/**
 * Limit of inputs that wait while the log is unavailable. The study refuses further inputs, so
 * that memory stays bounded.
 */
const WAITING_INPUTS_MAX = 1_000;

/** Too many inputs wait for the study. The caller may repeat the call later. */
export class OverloadedError extends Error {
  override readonly name = "OverloadedError";
}

/** The ports and callbacks of a study runner. */
interface StudyRunnerContext {
  readonly log: StudyLog;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly rules: Rules;
  readonly logger: Logger;
  /** Aborted when the process stops; ends the waiting for the log. */
  readonly signal: AbortSignal;
  /** Called after events are stored, with the study after them. */
  readonly onEvents: (study: Study, events: readonly StudyEvent[]) => void;
  /** Called with a step's effects after its events are stored. */
  readonly onEffects: (study: Study, effects: readonly Effect[]) => void;
  /** Called once if the study cannot continue in this process. */
  readonly onFatal: (error: unknown) => void;
}

/** A study in this process and the queue of its inputs. */
export class StudyRunner {
  readonly #context: StudyRunnerContext;
  #state: State;
  #head: ChainHead;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
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

  /** Reason for which the log cannot be written at present; undefined if it can. */
  get logFault(): string | undefined {
    return this.#logFault;
  }

  /** The reason for which the study waits; undefined if nothing holds it. */
  get waiting(): Waiting | undefined {
    if (this.#logFault === undefined) return studyWaiting(this.#state);
    return { reason: "study-log", message: `The study log cannot be written: ${this.#logFault}` };
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
    if (this.#waiting >= WAITING_INPUTS_MAX) return Promise.reject(new OverloadedError("Too many inputs wait."));
    this.#waiting += 1;
    const answer = this.#tail.then(() => this.#run((now) => apply(this.#state, input, now, this.#context.rules)));
    this.#tail = answer.catch(() => undefined).finally(() => (this.#waiting -= 1));
    return answer;
  }

  /**
   * Renews a lease at once, even while the events of earlier inputs are being stored. A heartbeat
   * with any other answer than "continue" waits for the earlier inputs.
   */
  async heartbeat(input: Heartbeat): Promise<Answer> {
    const step = apply(this.#state, input, this.#now(), this.#context.rules);
    if (needsCurrentLog(step.answer)) return this.submit(input);
    this.#state = step.state;
    return step.answer;
  }

  /** Stores the events of the study's creation or recovery and runs the effects. */
  begin(step: Step): Promise<Answer> {
    const answer = this.#tail.then(() => this.#run(() => step));
    this.#tail = answer.catch(() => undefined);
    return answer;
  }

  #now(): Now {
    const { clock } = this.#context;
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallTime().getTime() };
  }

  async #run(decide: (now: Now) => Step): Promise<Answer> {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      const step = decide(this.#now());
      await this.#store(step);
      if (step.events.length === 0 && needsCurrentLog(step.answer)) await this.#checkHead();
      this.#state = { ...step.state, transient: this.#keepRenewals(step) };
      if (step.events.length > 0) this.#context.onEvents(step.state.study, step.events);
      if (step.effects.length > 0) this.#context.onEffects(step.state.study, step.effects);
      return step.answer;
    } catch (error) {
      // Nothing was stored: the input is refused, and the study goes on from its former state.
      if (error instanceof StoreUnavailableError || error instanceof RecordTooLargeError) throw error;
      this.#broken = error;
      this.#context.onFatal(error);
      throw error;
    }
  }

  async #store({ state, at, events }: Step): Promise<void> {
    if (events.length === 0) return;
    const { log, logger, signal, clock, timers } = this.#context;
    const { id: studyId } = state.study;
    const onFault = (reason: string | undefined) => {
      this.#logFault = reason;
    };
    const context = { logger, signal, clock, timers, onFault };
    this.#head = await appendRecord(log, this.#head, { studyId, at, events }, context);
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

  /**
   * Keeps the later deadlines of heartbeats that were answered while the step's events were being
   * stored.
   */
  #keepRenewals(step: Step): State["transient"] {
    const { transient } = step.state;
    const deadlines = new Map(transient.deadlines);
    for (const [trialId, deadline] of deadlines) {
      deadlines.set(trialId, Math.max(deadline, this.#state.transient.deadlines.get(trialId) ?? 0));
    }
    return { ...transient, deadlines };
  }
}
