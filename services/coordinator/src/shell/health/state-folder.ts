import { messageOf } from "@sintonia/runtime/errors";
import type { ArtifactKey } from "../../ports/artifact-store.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import type { Health, Part } from "./health.js";

/** Bytes that a check writes if no upload has failed. */
const CHECK_BYTES = 64 * 1024;
/** Upper limit of the bytes that a check writes. */
const CHECK_MAX_BYTES = 16 * 1024 * 1024;

/** A store whose writes may fail. */
interface WritableStore<A extends readonly unknown[]> {
  put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey, ...rest: A): Promise<void>;
}

/**
 * The folder of artifacts and checkpoints. It does not work from a failed upload on, until an
 * upload or the check of a file of that size succeeds.
 */
export class StateFolder implements Part {
  readonly name = "state folder";
  readonly #health: Health;
  readonly #tryWrite: (bytes: number) => Promise<void>;
  #neededBytes = CHECK_BYTES;

  /** @param tryWrite - writes a file of this size durably, and deletes it */
  constructor(health: Health, tryWrite: (bytes: number) => Promise<void>) {
    this.#health = health;
    this.#tryWrite = tryWrite;
  }

  /** Reason for which the folder cannot be written; undefined if it can. */
  get fault(): string | undefined {
    return this.#health.faultOf(this.name);
  }

  async check(): Promise<void> {
    await this.#tryWrite(Math.min(this.#neededBytes, CHECK_MAX_BYTES));
    this.#neededBytes = CHECK_BYTES;
  }

  /** Checks the folder and notes the result, before the first trial of a term can start. */
  async checkNow(): Promise<void> {
    this.#health.note(this.name, await this.check().then(() => undefined, messageOf));
  }

  /** Returns the store with its uploads noted in the health. */
  watched<A extends readonly unknown[], S extends WritableStore<A>>(store: S): S {
    const put = async (chunks: AsyncIterable<Uint8Array>, key: ArtifactKey, ...rest: A): Promise<void> => {
      try {
        await store.put(chunks, key, ...rest);
        this.#health.note(this.name);
      } catch (error) {
        if (error instanceof StoreUnavailableError) this.#noteFailure(error, key);
        throw error;
      }
    };
    return new Proxy(store, {
      get: (target, property) => {
        if (property === "put") return put;
        const value: unknown = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  #noteFailure({ message }: Error, { sizeBytes }: ArtifactKey): void {
    this.#neededBytes = Math.max(CHECK_BYTES, sizeBytes);
    this.#health.note(this.name, message);
  }
}
