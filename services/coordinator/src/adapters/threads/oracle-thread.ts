// Runs oracles in a worker thread: fitting a Gaussian process takes up to seconds, heartbeats cannot wait for it.

import { Worker } from "node:worker_threads";
import type { OracleService } from "../../ports/oracle-service.js";
import type { OracleTasks } from "./oracle-tasks.js";

/** What the thread is asked. */
export interface OracleQuestion<T extends keyof OracleTasks = keyof OracleTasks> {
  readonly id: number;
  readonly task: T;
  readonly given: Parameters<OracleTasks[T]>;
}

/** What it answers. */
export type OracleReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: Error };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One thread, started with the first question and again after it has died. Questions are answered in order. */
export class OracleThread implements OracleService {
  readonly suggest = this.#asking("suggest");
  readonly explain = this.#asking("explain");
  readonly importance = this.#asking("importance");
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #asking<T extends keyof OracleTasks>(task: T) {
    return (...given: Parameters<OracleTasks[T]>): Promise<ReturnType<OracleTasks[T]>> => {
      const question: OracleQuestion<T> = { id: ++this.#lastId, task, given };
      return new Promise((resolve, reject) => {
        this.#waiting.set(question.id, { resolve: resolve as Waiting["resolve"], reject });
        this.#running().postMessage(question);
      });
    };
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL("./oracle-worker.js", import.meta.url));
    worker.on("message", (reply: OracleReply) => this.#settle(reply));
    worker.on("error", (error) => this.#died(error));
    worker.on("exit", (code) => this.#died(new Error(`The oracle's thread ended with code ${code}.`)));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle(reply: OracleReply): void {
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
