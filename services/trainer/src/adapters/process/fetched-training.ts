import type { FileSource, WantedFile } from "@sintonia/files/contract/file-source";
import type { Lease } from "@sintonia/protocol/lease";
import { messageOf } from "@sintonia/runtime/errors";
import type { TrainingInput, TrainingProcess } from "../../ports/training-process.js";
import { filesOfPlan } from "./plan-files.js";

/** The files of a plan on this machine: paths by the paths that the plan has for them. */
export type LocalFiles = Readonly<Record<string, string>>;

/** A training process that gets the files of a plan as local files. */
export interface LocalTraining extends Omit<TrainingProcess, "train"> {
  /** Trains a trial, as `TrainingProcess.train`. */
  train(lease: Lease, files: LocalFiles, checkpoint?: Uint8Array): void;
}

/** A training process that begins a trial once the files of its plan are on this machine. */
export class FetchedTraining implements TrainingProcess {
  readonly #training: LocalTraining;
  readonly #files: FileSource;
  #emit: (event: TrainingInput) => void = () => {};
  /** Ends the fetch of the present trial. */
  #fetch: AbortController | undefined;

  /** The caller closes the files. */
  constructor(training: LocalTraining, files: FileSource) {
    this.#training = training;
    this.#files = files;
  }

  start(emit: (event: TrainingInput) => void): void {
    this.#emit = emit;
    this.#training.start((event) => {
      if (event.type === "child-died") this.#endFetch();
      emit(event);
    });
  }

  train(lease: Lease, checkpoint?: Uint8Array): void {
    this.#endFetch();
    this.#files.release();
    const wanted = filesOfPlan(lease.planJson);
    if (wanted.size === 0) this.#training.train(lease, {}, checkpoint);
    else this.#trainFetched(wanted, lease, checkpoint);
  }

  resume(): void {
    this.#training.resume();
  }

  save(): void {
    this.#training.save();
  }

  stop(): void {
    this.#endFetch();
    this.#training.stop();
  }

  async close(): Promise<void> {
    this.#endFetch();
    await this.#training.close();
  }

  #trainFetched(wanted: ReadonlyMap<string, WantedFile>, lease: Lease, checkpoint?: Uint8Array): void {
    const fetch = new AbortController();
    this.#fetch = fetch;
    void this.#fetchAll(wanted, fetch.signal).then(
      (files) => this.#fetched(fetch, () => this.#training.train(lease, files, checkpoint)),
      (error: unknown) => {
        const failure = { kind: "trainer", message: messageOf(error) } as const;
        this.#fetched(fetch, () => this.#emit({ type: "training-failed", failure }));
      },
    );
  }

  /** Acts on the end of a fetch, unless the trial has ended before. */
  #fetched(fetch: AbortController, act: () => void): void {
    if (this.#fetch !== fetch) return;
    this.#fetch = undefined;
    act();
  }

  #endFetch(): void {
    this.#fetch?.abort();
    this.#fetch = undefined;
  }

  async #fetchAll(wanted: ReadonlyMap<string, WantedFile>, signal: AbortSignal): Promise<LocalFiles> {
    const paths: Record<string, string> = {};
    for (const [name, ref] of wanted) {
      paths[name] = await this.#files.fetch(ref, signal).catch((error: unknown) => {
        throw new Error(`file ${name}: ${messageOf(error)}`, { cause: error });
      });
    }
    return paths;
  }
}
