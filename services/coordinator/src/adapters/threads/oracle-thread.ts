// Runs oracles in a worker thread: fitting a Gaussian process takes up to seconds, heartbeats cannot wait for it.

import { Worker } from "node:worker_threads";
import type { Suggestion, SuggestionRequest } from "@sintonia/tuning/oracle/oracle";
import type { OracleSettings } from "@sintonia/tuning/spec/study-spec";
import type { OracleService } from "../../ports/oracle-service.js";

/** What the thread is asked. */
export interface OracleQuestion {
  readonly id: number;
  readonly oracle: OracleSettings;
  readonly request: SuggestionRequest;
}

/** What it answers. */
export type OracleReply =
  | { readonly id: number; readonly suggestion: Suggestion | "exhausted" }
  | { readonly id: number; readonly error: Error };

interface Waiting {
  readonly resolve: (suggestion: Suggestion | "exhausted") => void;
  readonly reject: (error: Error) => void;
}

/** One thread, started with the first question and again after it has died. Questions are answered in order. */
export class OracleThread implements OracleService {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  suggest(oracle: OracleSettings, request: SuggestionRequest): Promise<Suggestion | "exhausted"> {
    const id = ++this.#lastId;
    const question: OracleQuestion = { id, oracle, request };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#running().postMessage(question);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
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
    if ("suggestion" in reply) waiting?.resolve(reply.suggestion);
    else waiting?.reject(reply.error);
  }

  #died(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
