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

/** The place of artifacts and checkpoints. */
export interface Room {
  /** Name for the log and the metrics. */
  readonly name: string;
  /**
   * Writes a file of a size durably, and deletes it. A store that charges for writes may look
   * whether it can be used instead, unless the last write or check has failed.
   */
  readonly tryWrite: (bytes: number, isFaulty: boolean) => Promise<void>;
}

/**
 * The folder, or the shared store, of artifacts and checkpoints. It does not work from a failed
 * upload on, until an upload or the check of a file of that size succeeds.
 */
export class StateFolder implements Part {
  readonly name: string;
  readonly #health: Health;
  readonly #room: Room;
  #neededBytes = CHECK_BYTES;

  constructor(health: Health, room: Room) {
    this.name = room.name;
    this.#health = health;
    this.#room = room;
  }

  /** Reason for which the place cannot be written; undefined if it can. */
  get fault(): string | undefined {
    return this.#health.faultOf(this.name);
  }

  async check(): Promise<void> {
    await this.#room.tryWrite(Math.min(this.#neededBytes, CHECK_MAX_BYTES), this.fault !== undefined);
    this.#neededBytes = CHECK_BYTES;
  }

  /** Checks the place and notes the result, before the first trial of a term can start. */
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
