// Runs what takes long in a worker thread: fitting a Gaussian process takes up to seconds, reading a large spec a tenth of one;
// heartbeats cannot wait for either.

import { Worker } from "node:worker_threads";
import type { OracleService } from "../../ports/oracle-service.js";
import type { Tasks } from "./tasks.js";

/** What the thread is asked. */
export interface TaskQuestion<T extends keyof Tasks = keyof Tasks> {
  readonly id: number;
  readonly task: T;
  readonly given: Parameters<Tasks[T]>;
}

/** What it answers. */
export type TaskReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: Error };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One thread, started with the first question and again after it has died. Questions are answered in order. */
export class TaskThread implements OracleService {
  readonly suggest = this.#asking("suggest");
  readonly contenders = this.#asking("contenders");
  readonly select = this.#asking("select");
  readonly explain = this.#asking("explain");
  readonly importance = this.#asking("importance");
  /** As `parseStudySpec`. */
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
    worker.on("exit", (code) => this.#died(new Error(`The oracle's thread ended with code ${code}.`)));
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
