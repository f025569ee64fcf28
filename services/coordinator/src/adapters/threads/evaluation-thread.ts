// Evaluates the best model in a worker thread of its own, which ends with it: the data set and the engine's memory go too.

import { createHash } from "node:crypto";
import { SHARE_ENV, Worker, type WorkerOptions } from "node:worker_threads";
import type { EngineName } from "@sintonia/training/engine/contract/engine";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Artifact, ArtifactKind } from "../../core/state/study.js";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { Evaluation, Evaluator } from "../../ports/evaluator.js";

/** Where the evaluation finds its data and what it computes with. */
export interface EvaluationSettings {
  readonly engine: EngineName;
  /** Folder with the data set's files; undefined to look in the cache, in installed packages, and on the network. */
  readonly dataDir?: string;
  readonly cacheDir: string;
  readonly allowDownload: boolean;
}

export interface EvaluationTask {
  readonly plan: TrainingPlan;
  readonly weights: Uint8Array;
  readonly settings: EvaluationSettings;
}

export interface EvaluationReply {
  readonly test: Evaluation["test"];
  readonly files: readonly { readonly kind: ArtifactKind; readonly bytes: Uint8Array }[];
}

export class EvaluationThread implements Evaluator {
  readonly #artifacts: ArtifactStore;
  readonly #settings: EvaluationSettings;

  constructor(artifacts: ArtifactStore, settings: EvaluationSettings) {
    this.#artifacts = artifacts;
    this.#settings = settings;
  }

  async evaluate(plan: TrainingPlan, weights: Artifact): Promise<Evaluation> {
    const bytes = await this.#read(weights.sha256);
    const { test, files } = await runThread({ plan, weights: bytes, settings: this.#settings });
    const models: Artifact[] = [];
    for (const { kind, bytes: content } of files) models.push(await this.#store(kind, content));
    return { test, models };
  }

  async #read(sha256: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#artifacts.open(sha256)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async #store(kind: ArtifactKind, bytes: Uint8Array): Promise<Artifact> {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const sizeBytes = bytes.byteLength;
    await this.#artifacts.put(once(bytes), { sha256, sizeBytes });
    return { kind, sha256, sizeBytes };
  }
}

function runThread(task: EvaluationTask): Promise<EvaluationReply> {
  return new Promise((resolve, reject) => {
    // Libraries read the environment of the process, which a thread with a copy of it could not set.
    const options: WorkerOptions = { workerData: task, env: SHARE_ENV };
    const worker = new Worker(new URL("./evaluation-worker.js", import.meta.url), options);
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`The evaluation's thread ended with code ${code}.`)));
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
