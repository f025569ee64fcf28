// Runs long computations outside the main thread, so that heartbeats do not wait: the fit of a
// Gaussian process takes up to seconds, and the parsing of a large spec a tenth of a second.

import { Worker } from "node:worker_threads";
import type { OracleService } from "../../ports/oracle-service.js";
import { SentRequests } from "./request-changes.js";
import { type SentQuestion, type StartWorker, type TaskQuestion, TaskQueue, type TaskReply } from "./task-queue.js";
import type { Tasks } from "./tasks.js";

/**
 * Memory limit of a thread's heap, in megabytes. A thread beyond it dies alone, and only its
 * present question fails.
 */
const HEAP_MAX_MB = 1024;

/**
 * Two threads. One advances studies: suggestions, contenders, selections. The other answers the
 * questions of persons, so that no question makes a study wait. Each starts with its first
 * question, unless `start` did so before.
 */
export class TaskThread implements OracleService {
  readonly #studies = new TaskQueue(startWorker);
  readonly #persons = new TaskQueue(startWorker);
  readonly suggest = this.#asking("suggest", this.#studies);
  readonly contenders = this.#asking("contenders", this.#studies);
  readonly select = this.#asking("select", this.#studies);
  readonly explain = this.#asking("explain", this.#persons);
  readonly importance = this.#asking("importance", this.#persons);
  readonly slice = this.#asking("slice", this.#persons);
  /**
   * Parses a study spec as `parseStudySpec` does.
   *
   * @throws as `OracleService.explain` does
   */
  readonly readSpec = (...given: Parameters<Tasks["readSpec"]>): Promise<ReturnType<Tasks["readSpec"]>> => {
    // A spec announces a study, whose first suggestion shall not wait for the start of its thread.
    this.#studies.start();
    return this.#readSpec(...given);
  };
  readonly #readSpec = this.#asking("readSpec", this.#persons);

  /**
   * Starts both threads. A start reads the modules of the oracles: 0.3 s of processor time, and
   * 25 MB of memory, for which the first study would wait.
   */
  start(): void {
    this.#studies.start();
    this.#persons.start();
  }

  async close(): Promise<void> {
    await Promise.all([this.#studies.close(), this.#persons.close()]);
  }

  #asking<T extends keyof Tasks>(task: T, queue: TaskQueue) {
    return async (...given: Parameters<Tasks[T]>): Promise<ReturnType<Tasks[T]>> =>
      (await queue.ask(task, given)) as ReturnType<Tasks[T]>;
  }
}

const startWorker: StartWorker = ({ onReply, onDeath }) => {
  const worker = new Worker(new URL("./task-worker.js", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MAX_MB },
  });
  worker.on("message", (reply: TaskReply) => onReply(reply));
  worker.on("error", (error) => onDeath(error));
  worker.on("exit", (code) => onDeath(new Error(`The task thread ended with code ${code}.`)));
  worker.unref();
  const sent = new SentRequests();
  const post = (question: TaskQuestion): void => worker.postMessage(shortened(question, sent));
  return { post, end: async () => void (await worker.terminate()) };
};

/** Returns a question to the oracle with what its thread does not have; any other as it is. */
function shortened(question: TaskQuestion, sent: SentRequests): SentQuestion {
  if (question.task !== "suggest") return question;
  const [oracle, count, request] = question.given as Parameters<Tasks["suggest"]>;
  return { id: question.id, task: "suggest", given: [oracle, count], request: sent.changeTo(request) };
}
