import type { FileRef } from "@sintonia/protocol/file";
import { TRANSFER_IDLE_MS, withIdleLimit } from "@sintonia/runtime/grpc/idle-limit";
import { CoordinatorFault } from "../../ports/coordinator.js";
import type { FileOrigin } from "../../ports/file-source.js";
import { coordinatorFault, type TrainerServiceClient } from "./coordinator-client.js";

/** The coordinator as the origin of files. The caller closes the connection of the client. */
export class CoordinatorFiles implements FileOrigin {
  readonly #client: Pick<TrainerServiceClient, "downloadFile">;
  readonly #idleMs: number;

  /** @param idleMs - time without bytes after which a download counts as broken */
  constructor(client: Pick<TrainerServiceClient, "downloadFile">, idleMs = TRANSFER_IDLE_MS) {
    this.#client = client;
    this.#idleMs = idleMs;
  }

  async *read({ sha256 }: FileRef, offset: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const idle = new AbortController();
    const parts = this.#client.downloadFile({ sha256, offset }, { signal: AbortSignal.any([signal, idle.signal]) });
    const standstill = (): CoordinatorFault => {
      idle.abort();
      return new CoordinatorFault(
        "deadline-exceeded",
        `no part of file ${sha256} arrived for ${this.#idleMs / 1000} s`,
      );
    };
    try {
      for await (const { chunk } of withIdleLimit(parts, this.#idleMs, standstill)) yield chunk;
    } catch (error) {
      signal.throwIfAborted();
      throw coordinatorFault(error);
    }
  }
}
