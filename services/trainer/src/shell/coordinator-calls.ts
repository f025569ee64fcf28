import type { StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Directive } from "@sintonia/protocol/directive";
import type { Assignment, LeaseKey } from "@sintonia/protocol/lease";
import { retry } from "@sintonia/runtime/backoff";
import type { Clock, Timers } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { OutageLog } from "@sintonia/runtime/outage";
import type { Effect } from "../core/boundary/effect.js";
import { refusesCaller, refusesTrainer, repetition } from "../core/boundary/fault.js";
import type { CallName, Input } from "../core/boundary/input.js";
import { type Coordinator, CoordinatorFault } from "../ports/coordinator.js";

/**
 * Delays between the attempts of a call. They are short, since training waits for the answers to
 * reports: work goes on within a second of the election of another leader.
 */
const RETRY = { delayMs: 100, delayMaxMs: 1_000 };

/**
 * Delays between the attempts of an upload. A coordinator whose disk is full gets the same bytes
 * again and again, at most every 15 s. A trainer that drains has no time for long delays.
 */
const UPLOAD_RETRY = { delayMs: 500, delayMaxMs: 15_000 };
const UPLOADS: ReadonlySet<Subject["call"]> = new Set(["upload-weights", "save-checkpoint"]);

const OUTAGE = { failing: "call to coordinator not answered", over: "coordinator answers again" };

const REFUSAL = { failing: "trainer refused by coordinator", over: "trainer accepted by coordinator" };

/** Time limit of a download in milliseconds, long enough for a restart of the coordinator. */
const DOWNLOAD_MS = 30_000;

/** The dependencies of the calls. */
interface CoordinatorCallsOptions {
  readonly coordinator: Coordinator;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly emit: (input: Input) => void;
}

type SendHeartbeat = Extract<Effect, { type: "send-heartbeat" }>;

interface Answered<T> {
  readonly answer: T;
  /** Monotonic time at which the answered request was sent. */
  readonly sentMs: number;
}

/** The call and its attempt, for the log. */
interface Subject extends Assignment {
  readonly call: CallName | "acquire-lease" | "download-checkpoint";
}

/** Repeats calls until they are answered or rejected, and emits the results as inputs. */
export class CoordinatorCalls {
  readonly #options: CoordinatorCallsOptions;
  /** Cancels the calls for the current assignment or lease. */
  #current = new AbortController();
  /** Cancels heartbeats without a lease. */
  readonly #idle = new AbortController();
  /** The log of each call's outages: a coordinator may answer heartbeats and refuse uploads. */
  readonly #outages = new Map<Subject["call"], OutageLog>();
  readonly #refusals: OutageLog;
  #isHurried = false;

  constructor(options: CoordinatorCallsOptions) {
    this.#options = options;
    this.#refusals = new OutageLog(options.logger, options.clock, REFUSAL);
  }

  /** Asks for the lease of an assignment. */
  async acquireLease(assignment: Assignment): Promise<void> {
    const { coordinator, emit } = this.#options;
    const subject = subjectOf(assignment, "acquire-lease");
    try {
      const outcome = await this.#untilAnswered(subject, (signal) => coordinator.acquireLease(assignment, signal));
      if (outcome === undefined) return;
      const { answer, sentMs } = outcome;
      this.#noteAcceptance();
      if (answer.kind === "granted") emit({ type: "lease-granted", assignment, lease: answer.lease, sentMs });
      else emit({ type: "lease-refused", assignment, reason: answer.reason });
    } catch (error) {
      if (error instanceof CoordinatorFault && refusesCaller(error.code)) this.#noteRefusal(error);
      emit({ type: "lease-rejected", assignment, message: messageOf(error) });
    }
  }

  /**
   * Downloads a checkpoint within a time limit. Without it the trainer tries the next checkpoint.
   */
  async downloadCheckpoint(lease: LeaseKey, checkpoint: StoredCheckpoint): Promise<void> {
    const { coordinator, emit } = this.#options;
    const { token } = lease;
    const { sha256 } = checkpoint;
    const subject = subjectOf(lease, "download-checkpoint");
    try {
      const download = (signal: AbortSignal) => coordinator.downloadCheckpoint(lease, checkpoint, signal);
      const outcome = await this.#untilAnswered(subject, download, DOWNLOAD_MS);
      if (outcome !== undefined) emit({ type: "checkpoint-downloaded", token, sha256, bytes: outcome.answer });
    } catch (error) {
      emit({ type: "checkpoint-unavailable", token, sha256, message: messageOf(error) });
    }
  }

  /** Makes a call under a lease. */
  async underLease(
    call: Exclude<CallName, "heartbeat">,
    lease: LeaseKey,
    send: (coordinator: Coordinator, signal: AbortSignal) => Promise<Directive>,
  ): Promise<void> {
    const { coordinator, emit } = this.#options;
    const { token } = lease;
    try {
      const outcome = await this.#untilAnswered(subjectOf(lease, call), (signal) => send(coordinator, signal));
      if (outcome === undefined) return;
      emit({ type: "directive-received", token, call, directive: outcome.answer, sentMs: outcome.sentMs });
    } catch (error) {
      const answered = error instanceof CoordinatorFault ? { code: error.code } : {};
      emit({ type: "call-rejected", token, call, ...answered, message: messageOf(error) });
    }
  }

  /** Sends one heartbeat. The state machine decides when the next one follows a lost one. */
  async heartbeat({ lease, timeoutMs }: SendHeartbeat): Promise<void> {
    const { coordinator, clock, emit } = this.#options;
    const { signal } = lease === undefined ? this.#idle : this.#current;
    const sentMs = clock.monotonicMs();
    try {
      const { directive, order } = await coordinator.heartbeat(lease, timeoutMs, signal);
      if (signal.aborted) return;
      this.#outageOf("heartbeat").succeed({ call: "heartbeat" });
      if (lease === undefined) this.#noteAcceptance();
      else emit({ type: "directive-received", token: lease.token, call: "heartbeat", directive, sentMs });
      emit({ type: "order-received", order });
    } catch (error) {
      if (signal.aborted) return;
      if (lease === undefined && error instanceof CoordinatorFault && refusesTrainer(error.code)) {
        this.#noteRefusal(error);
        return;
      }
      this.#noteFault(lease ? subjectOf(lease, "heartbeat") : { call: "heartbeat" }, error);
      // A coordinator with too much work gets the next heartbeat at the usual time.
      if (!(error instanceof CoordinatorFault && error.isOverload)) emit({ type: "heartbeat-lost" });
      const isUnconfirmed = error instanceof CoordinatorFault && error.isUnconfirmed;
      if (isUnconfirmed && lease !== undefined) emit({ type: "lease-unconfirmed", token: lease.token, sentMs });
    }
  }

  /** Shortens the delays between the attempts of uploads, from the next delay on. */
  hurry(): void {
    this.#isHurried = true;
  }

  /** Cancels the calls for the current assignment or lease. They emit nothing more. */
  cancel(): void {
    this.#current.abort();
    this.#current = new AbortController();
  }

  /** Cancels all calls. Later ones are cancelled at once. */
  close(): void {
    this.#current.abort();
    this.#idle.abort();
  }

  /**
   * Repeats a call until it is answered or rejected.
   *
   * @returns undefined if the call was cancelled
   */
  async #untilAnswered<T>(
    subject: Subject,
    send: (signal: AbortSignal) => Promise<T>,
    deadlineMs = Number.POSITIVE_INFINITY,
  ): Promise<Answered<T> | undefined> {
    const { signal } = this.#current;
    const { timers } = this.#options;
    const once = async (): Promise<Answered<T>> => {
      const sentMs = this.#options.clock.monotonicMs();
      return { answer: await send(signal), sentMs };
    };
    const isRepeated = repetition();
    const isTransient = (error: Error) =>
      error instanceof CoordinatorFault &&
      (error.isOverload || isRepeated(error.code)) &&
      !(subject.call === "acquire-lease" && refusesCaller(error.code));
    const onRetry = (error: Error): void => this.#noteFault(subject, error);
    try {
      const { delayMs } = UPLOADS.has(subject.call) ? UPLOAD_RETRY : RETRY;
      const delayMaxMs = (): number => this.#delayMaxMs(subject.call);
      const answered = await retry(once, { delayMs, delayMaxMs, deadlineMs, signal, timers, isTransient, onRetry });
      if (signal.aborted) return undefined;
      this.#outageOf(subject.call).succeed(subject);
      return answered;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  #delayMaxMs(call: Subject["call"]): number {
    return UPLOADS.has(call) && !this.#isHurried ? UPLOAD_RETRY.delayMaxMs : RETRY.delayMaxMs;
  }

  #noteRefusal({ code, message }: CoordinatorFault): void {
    this.#refusals.fail({ code, reason: message });
    this.#options.emit({ type: "trainer-refused", message });
  }

  #noteAcceptance(): void {
    this.#refusals.succeed();
    this.#options.emit({ type: "trainer-accepted" });
  }

  #noteFault(subject: Pick<Subject, "call"> & Partial<Assignment>, error: unknown): void {
    const code = error instanceof CoordinatorFault ? error.code : "unknown";
    this.#outageOf(subject.call).fail({ ...subject, code, reason: messageOf(error) });
  }

  #outageOf(call: Subject["call"]): OutageLog {
    const { logger, clock } = this.#options;
    const outage = this.#outages.get(call) ?? new OutageLog(logger, clock, OUTAGE);
    this.#outages.set(call, outage);
    return outage;
  }
}

function subjectOf({ studyId, trialId, attempt }: Assignment, call: Subject["call"]): Subject {
  return { studyId, trialId, attempt, call };
}
