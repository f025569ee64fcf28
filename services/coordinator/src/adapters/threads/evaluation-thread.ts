// Evaluates the best model in a worker thread of its own. The thread ends afterwards and frees the
// memory of the data set and of the engine.

import { createHash } from "node:crypto";
import { SHARE_ENV, Worker, type WorkerOptions } from "node:worker_threads";
import type { WantedFile } from "@sintonia/files/contract/file-source";
import { nameOf, SHA256 } from "@sintonia/protocol/names";
import { InvariantError } from "@sintonia/runtime/errors";
import type { EngineName } from "@sintonia/training/engine/contract/engine";
import { MODULE_WEIGHTS_MAX_BYTES, modelFileMaxBytes } from "@sintonia/training/model-file/size-limit";
import { sourceOf } from "@sintonia/tuning/plan/file/file-address";
import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import { isModulePlan } from "@sintonia/tuning/plan/program-plan";
import { type DataSetPlan, isFileDataSet, type TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Artifact, ArtifactKind } from "../../core/state/study.js";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { Evaluation, Evaluator } from "../../ports/evaluator.js";
import type { EvaluationFiles } from "../filesystem/evaluation-files.js";

/** The engine of an evaluation and the location of its data. */
interface EvaluationSettings {
  readonly engine: EngineName;
  /**
   * Folder with the data set's files; if undefined, the cache, installed packages and the network
   * are searched.
   */
  readonly dataDir?: string | undefined;
  readonly cacheDir: string;
  readonly allowDownload: boolean;
}

/** The thread's input. */
export type EvaluationTask = {
  readonly settings: EvaluationSettings;
  /** The place on this machine of each file of the data set, by its path in the plan. */
  readonly files: Readonly<Record<string, string>>;
} & (
  | { readonly type: "check"; readonly dataset: DataSetPlan; readonly models?: "modules" | undefined }
  | {
      readonly type: "evaluate";
      readonly plan: TrainingPlan | ModulePlan;
      readonly weights: Uint8Array<ArrayBuffer>;
      readonly fold: number | undefined;
    }
);

/** The thread's output after an evaluation. */
export interface EvaluationReply {
  readonly test: Evaluation["test"];
  readonly files: readonly { readonly kind: ArtifactKind; readonly bytes: Uint8Array }[];
}

/** The thread's output: the result, or a fault in one line. */
export type EvaluationOutcome =
  | { readonly ok: true; readonly reply?: EvaluationReply }
  | { readonly ok: false; readonly fault: string };

/** An Evaluator in a worker thread. */
export class EvaluationThread implements Evaluator {
  /** Checks that run or have succeeded. Studies with the same data set share them. */
  readonly #checks = new Map<string, Promise<void>>();
  readonly #artifacts: ArtifactStore;
  readonly #files: EvaluationFiles;
  readonly #settings: EvaluationSettings;

  constructor(
    artifacts: ArtifactStore,
    files: EvaluationFiles,
    { engine, dataDir, cacheDir, allowDownload }: EvaluationSettings,
  ) {
    this.#artifacts = artifacts;
    this.#files = files;
    this.#settings = { engine, dataDir, cacheDir, allowDownload };
  }

  check(dataset: DataSetPlan, models?: "modules"): Promise<void> {
    const data = isFileDataSet(dataset) ? JSON.stringify(dataset) : dataset.name;
    const key = models === undefined ? data : `${models} ${data}`;
    const check = this.#checks.get(key) ?? this.#check({ type: "check", dataset, models }, key);
    this.#checks.set(key, check);
    return check;
  }

  async #check(
    check: Omit<Extract<EvaluationTask, { type: "check" }>, "settings" | "files">,
    key: string,
  ): Promise<void> {
    try {
      await this.#files.during(filesOf(check.dataset), (files) =>
        runThread({ ...check, files, settings: this.#settings }),
      );
    } catch (error) {
      this.#checks.delete(key);
      throw error;
    }
  }

  async evaluate(plan: TrainingPlan | ModulePlan, weights: Artifact, fold?: number): Promise<Evaluation> {
    const bytes = await this.#read(weights, isModulePlan(plan) ? MODULE_WEIGHTS_MAX_BYTES : modelFileMaxBytes(plan));
    const reply = await this.#files.during(filesOf(plan.dataset), (files) =>
      runThread({ type: "evaluate", plan, weights: bytes, fold, files, settings: this.#settings }),
    );
    if (reply === undefined) throw new InvariantError("The evaluation thread gave no result.");
    const models: Artifact[] = [];
    for (const { kind, bytes: content } of reply.files) models.push(await this.#store(kind, content));
    return { test: reply.test, models };
  }

  /** Reads weights into memory that the thread takes over. Refuses more bytes than a limit. */
  async #read({ sha256 }: Artifact, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
    const size = (await this.#artifacts.sizeOf(sha256)) ?? 0;
    if (size > bytesMax) throw new Error(`The weights have ${size} bytes, those of the model at most ${bytesMax}.`);
    const bytes = new Uint8Array(size);
    let read = 0;
    for await (const chunk of this.#artifacts.open(sha256)) {
      bytes.set(chunk, read);
      read += chunk.length;
    }
    return bytes;
  }

  async #store(kind: ArtifactKind, bytes: Uint8Array): Promise<Artifact> {
    const sha256 = nameOf(SHA256, createHash("sha256").update(bytes).digest("hex"));
    const sizeBytes = bytes.byteLength;
    await this.#artifacts.put(once(bytes), { sha256, sizeBytes });
    return { kind, sha256, sizeBytes };
  }
}

function filesOf(dataset: DataSetPlan): ReadonlyMap<string, WantedFile> {
  const files = isFileDataSet(dataset) ? Object.entries(dataset.files ?? {}) : [];
  return new Map(
    files.map(([path, { sha256, sizeBytes, ...place }]) => [
      path,
      { sha256: nameOf(SHA256, sha256), sizeBytes, source: sourceOf(path, place) },
    ]),
  );
}

function runThread(task: EvaluationTask): Promise<EvaluationReply | undefined> {
  return new Promise((resolve, reject) => {
    // The engine sets variables that native libraries read. A thread with a copy of the
    // environment could not set them.
    const transferList = task.type === "evaluate" ? [task.weights.buffer] : [];
    const options: WorkerOptions = { workerData: task, transferList, env: SHARE_ENV };
    const worker = new Worker(new URL("./evaluation-worker.js", import.meta.url), options);
    worker.once("message", (outcome: EvaluationOutcome) => {
      if (outcome.ok) resolve(outcome.reply);
      else reject(new Error(outcome.fault));
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`The evaluation thread ended with code ${code}.`)));
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
