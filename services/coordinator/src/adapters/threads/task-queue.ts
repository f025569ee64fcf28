// The questions of one thread: their number is bounded by kind, the best priority comes first, and
// each has a deadline.

import { QuestionDeadlineError, TooManyQuestionsError } from "../../ports/oracle-service.js";
import type { RequestChange } from "./request-changes.js";
import type { Tasks } from "./tasks.js";

/** A question to a thread. */
export interface TaskQuestion<T extends keyof Tasks = keyof Tasks> {
  readonly id: number;
  readonly task: T;
  readonly given: Parameters<Tasks[T]>;
}

/** A question on its way to the thread. */
export interface SentQuestion {
  readonly id: number;
  readonly task: keyof Tasks;
  readonly given: readonly unknown[];
  /** The last argument, as its difference from what the thread has. @default `given` is complete */
  readonly request?: RequestChange;
}

/** The reply of a thread. */
export type TaskReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: Error };

/** A thread that answers one question at a time. */
export interface TaskWorker {
  readonly post: (question: TaskQuestion) => void;
  readonly end: () => Promise<void>;
}

/** Starts a thread. */
export type StartWorker = (listeners: {
  readonly onReply: (reply: TaskReply) => void;
  readonly onDeath: (error: Error) => void;
}) => TaskWorker;

/** The rule of one kind of question. */
interface TaskRule {
  /** Questions of a smaller number are answered first. */
  readonly priority: number;
  /** Limit of the waiting questions. */
  readonly waitingMax: number;
  /** Time from the question to its answer, in milliseconds. */
  readonly deadlineMs: number;
}

/**
 * The rules. A study has one question of its progress at a time, and its oracle may take minutes; a
 * person's client waits 10 s for a new study and 60 s for a question to the oracle.
 */
export const TASK_RULES: Readonly<Record<keyof Tasks, TaskRule>> = {
  suggest: { priority: 0, waitingMax: 100_000, deadlineMs: 300_000 },
  contenders: { priority: 0, waitingMax: 100_000, deadlineMs: 300_000 },
  select: { priority: 0, waitingMax: 100_000, deadlineMs: 300_000 },
  readSpec: { priority: 0, waitingMax: 32, deadlineMs: 9_000 },
  explain: { priority: 1, waitingMax: 32, deadlineMs: 50_000 },
  importance: { priority: 2, waitingMax: 32, deadlineMs: 50_000 },
  slice: { priority: 2, waitingMax: 32, deadlineMs: 50_000 },
};

interface Pending {
  readonly question: TaskQuestion;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The queue in front of a thread, which it starts with the first question, if nobody did before,
 * and after its death.
 */
export class TaskQueue {
  readonly #start: StartWorker;
  readonly #waiting: Pending[] = [];
  #running: Pending | undefined;
  #worker: TaskWorker | undefined;
  #lastId = 0;

  constructor(start: StartWorker) {
    this.#start = start;
  }

  /**
   * Asks a question.
   *
   * @throws {TooManyQuestionsError} if too many of its kind wait
   * @throws {QuestionDeadlineError} if there is no answer in time
   * @throws the error of the computation, or of the thread if it dies with this question
   */
  ask<T extends keyof Tasks>(task: T, given: Parameters<Tasks[T]>): Promise<unknown> {
    const { waitingMax, deadlineMs } = TASK_RULES[task];
    const waiting = this.#waiting.filter(({ question }) => question.task === task).length;
    if (waiting >= waitingMax) return Promise.reject(new TooManyQuestionsError(waiting));
    return new Promise((resolve, reject) => {
      const question: TaskQuestion<T> = { id: ++this.#lastId, task, given };
      const timer = setTimeout(() => this.#expire(pending, deadlineMs), deadlineMs);
      timer.unref();
      const pending: Pending = { question, resolve, reject, timer };
      this.#waiting.push(pending);
      this.#next();
    });
  }

  /** Starts the thread if it does not run, so that the next question finds it ready. */
  start(): void {
    this.#worker ??= this.#startWorker();
  }

  /** Ends the thread. All questions are rejected. */
  async close(): Promise<void> {
    const closed = new Error("The task thread was closed.");
    for (const pending of this.#waiting.splice(0)) this.#reject(pending, closed);
    await this.#endWorker(closed);
  }

  /** Sends the first question of the best priority, if the thread is free. */
  #next(): void {
    if (this.#running !== undefined || this.#waiting.length === 0) return;
    const best = Math.min(...this.#waiting.map(priorityOf));
    const index = this.#waiting.findIndex((pending) => priorityOf(pending) === best);
    this.#running = this.#waiting.splice(index, 1)[0];
    this.start();
    if (this.#running !== undefined) this.#worker?.post(this.#running.question);
  }

  #startWorker(): TaskWorker {
    const worker: TaskWorker = this.#start({
      onReply: (reply) => this.#settle(reply),
      onDeath: (error) => {
        if (this.#worker === worker) this.#died(error);
      },
    });
    return worker;
  }

  #settle(reply: TaskReply): void {
    const pending = this.#running;
    if (pending?.question.id !== reply.id) return;
    this.#running = undefined;
    if ("error" in reply) this.#reject(pending, reply.error);
    else {
      clearTimeout(pending.timer);
      pending.resolve(reply.result);
    }
    this.#next();
  }

  #died(error: Error): void {
    const pending = this.#running;
    this.#worker = undefined;
    this.#running = undefined;
    if (pending !== undefined) this.#reject(pending, error);
    this.#next();
  }

  /** Rejects a question that took too long. Only the end of its thread stops a computation. */
  #expire(pending: Pending, deadlineMs: number): void {
    const error = new QuestionDeadlineError(deadlineMs);
    if (pending === this.#running) {
      void this.#endWorker(error);
      this.#next();
    } else {
      this.#waiting.splice(this.#waiting.indexOf(pending), 1);
      this.#reject(pending, error);
    }
  }

  async #endWorker(error: Error): Promise<void> {
    const [worker, pending] = [this.#worker, this.#running];
    this.#worker = undefined;
    this.#running = undefined;
    if (pending !== undefined) this.#reject(pending, error);
    await worker?.end();
  }

  #reject({ reject, timer }: Pending, error: Error): void {
    clearTimeout(timer);
    reject(error);
  }
}

function priorityOf({ question }: Pending): number {
  return TASK_RULES[question.task].priority;
}
