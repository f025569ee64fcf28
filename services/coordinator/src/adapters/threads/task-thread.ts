// Runs long computations in a worker thread, so that heartbeats do not wait: the fit of a Gaussian
// process takes up to seconds, and the parsing of a large spec a tenth of a second.

import { Worker } from "node:worker_threads";
import type { OracleService } from "../../ports/oracle-service.js";
import type { Tasks } from "./tasks.js";

/** A question to the thread. */
export interface TaskQuestion<T extends keyof Tasks = keyof Tasks> {
  readonly id: number;
  readonly task: T;
  readonly given: Parameters<Tasks[T]>;
}

/** The thread's reply. */
export type TaskReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: Error };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread that starts with the first question, and again after it died. It answers questions in
 * order.
 */
export class TaskThread implements OracleService {
  readonly suggest = this.#asking("suggest");
  readonly contenders = this.#asking("contenders");
  readonly select = this.#asking("select");
  readonly explain = this.#asking("explain");
  readonly importance = this.#asking("importance");
  /** Parses a study spec as `parseStudySpec` does. */
  readonly readSpec = this.#asking("readSpec");
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #asking<T extends keyof Tasks>(task: T) {
    return (...given: Parameters<Tasks[T]>): Promise<ReturnType<Tasks[T]>> => {
      const question: TaskQuestion<T> = { id: ++this.#lastId, task, given };
      return new Promise((resolve, reject) => {
        this.#waiting.set(question.id, { resolve: resolve as Waiting["resolve"], reject });
        this.#running().postMessage(question);
      });
    };
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL("./task-worker.js", import.meta.url));
    worker.on("message", (reply: TaskReply) => this.#settle(reply));
    worker.on("error", (error) => this.#died(error));
    worker.on("exit", (code) => this.#died(new Error(`The task thread ended with code ${code}.`)));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle(reply: TaskReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(reply.error);
    else waiting?.resolve(reply.result);
  }

  #died(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
