// Runs one study: takes inputs one at a time, decides, stores, and only then answers and acts.

import type { Clock } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { apply, type Now, type Rules } from "../../core/apply.js";
import { type Answer, needsCurrentLog } from "../../core/boundary/answer.js";
import type { Effect } from "../../core/boundary/effect.js";
import type { Heartbeat, StudyInput } from "../../core/boundary/input.js";
import type { Step } from "../../core/boundary/step.js";
import type { StudyEvent } from "../../core/state/event.js";
import type { State } from "../../core/state/state.js";
import type { Study } from "../../core/state/study.js";
import { StoreUnavailableError, type StudyLog } from "../../ports/study-log.js";
import { AnotherWriterError, appendRecord, type ChainHead } from "./journal.js";

/** Inputs that may wait while the log is away; more are refused, so that memory stays bounded. */
const WAITING_INPUTS_MAX = 1_000;

/** The coordinator cannot take the input now; the same call may be repeated. */
export class OverloadedError extends Error {
  override readonly name = "OverloadedError";
}

export interface StudyRunnerContext {
  readonly log: StudyLog;
  readonly clock: Clock;
  readonly rules: Rules;
  readonly logger: Logger;
  /** Ends waits for the log when the process stops. */
  readonly signal: AbortSignal;
  /** Called after events are stored, with the study as it now is. */
  readonly onEvents: (study: Study, events: readonly StudyEvent[]) => void;
  /** Called with effects once their cause is stored. */
  readonly onEffects: (study: Study, effects: readonly Effect[]) => void;
  /** Called once if the study cannot go on in this process. */
  readonly onFatal: (error: unknown) => void;
}

export class StudyRunner {
  readonly #context: StudyRunnerContext;
  #state: State;
  #head: ChainHead;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #broken: unknown;

  constructor(context: StudyRunnerContext, state: State, head: ChainHead) {
    this.#context = context;
    this.#state = state;
    this.#head = head;
  }

  get study(): Study {
    return this.#state.study;
  }

  /**
   * Hands an input to the study after all earlier ones.
   *
   * @returns the answer, once everything that it says is stored
   * @throws {OverloadedError} if too many inputs wait already
   */
  submit(input: StudyInput): Promise<Answer> {
    if (this.#waiting >= WAITING_INPUTS_MAX) return Promise.reject(new OverloadedError("Too many inputs wait."));
    this.#waiting += 1;
    const answer = this.#tail.then(() => this.#take((now) => apply(this.#state, input, now, this.#context.rules)));
    this.#tail = answer.catch(() => undefined).finally(() => (this.#waiting -= 1));
    return answer;
  }

  /**
   * Renews a lease at once, without waiting for inputs whose events are still being stored. Any other answer than to go on
   * is given after them.
   */
  async heartbeat(input: Heartbeat): Promise<Answer> {
    const step = apply(this.#state, input, this.#now(), this.#context.rules);
    if (needsCurrentLog(step.answer)) return this.submit(input);
    this.#state = step.state;
    return step.answer;
  }

  /** Stores and carries out a step that was made outside `submit`: the creation or the recovery of the study. */
  begin(step: Step): Promise<Answer> {
    const answer = this.#tail.then(() => this.#take(() => step));
    this.#tail = answer.catch(() => undefined);
    return answer;
  }

  /** Resolves when every input handed in so far has been dealt with. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  #now(): Now {
    const { clock } = this.#context;
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallTime().getTime() };
  }

  async #take(decide: (now: Now) => Step): Promise<Answer> {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      const now = this.#now();
      const step = decide(now);
      await this.#store(step, now.wallMs);
      if (step.events.length === 0 && needsCurrentLog(step.answer)) await this.#checkHead();
      this.#state = { ...step.state, transient: this.#keepRenewals(step) };
      if (step.events.length > 0) this.#context.onEvents(step.state.study, step.events);
      if (step.effects.length > 0) this.#context.onEffects(step.state.study, step.effects);
      return step.answer;
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      this.#broken = error;
      this.#context.onFatal(error);
      throw error;
    }
  }

  async #store(step: Step, at: number): Promise<void> {
    if (step.events.length === 0) return;
    const { log, logger, signal } = this.#context;
    const { id: studyId } = step.state.study;
    this.#head = await appendRecord(log, this.#head, { studyId, at, events: step.events }, { logger, signal });
  }

  /**
   * Makes sure that no other coordinator has written since this one last did.
   *
   * @throws {AnotherWriterError} if one has
   */
  async #checkHead(): Promise<void> {
    const { id } = this.#state.study;
    if ((await this.#context.log.revision(id)) !== this.#head.revision) throw new AnotherWriterError(id);
  }

  /** Heartbeats that were answered while the step was being stored keep what they gained. */
  #keepRenewals(step: Step): State["transient"] {
    const { transient } = step.state;
    const deadlines = new Map(transient.deadlines);
    for (const [trialId, deadline] of deadlines) {
      deadlines.set(trialId, Math.max(deadline, this.#state.transient.deadlines.get(trialId) ?? 0));
    }
    return { ...transient, deadlines };
  }
}
