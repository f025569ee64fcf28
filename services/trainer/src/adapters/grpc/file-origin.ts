import { type FileOrigin, OriginFault } from "@sintonia/files/contract/file-source";
import type { FileRef } from "@sintonia/protocol/file";
import { TRANSFER_IDLE_MS, withIdleLimit } from "@sintonia/runtime/grpc/idle-limit";
import { FAULT_REPEATS, type FaultCode } from "../../core/boundary/fault.js";
import { CoordinatorFault } from "../../ports/coordinator.js";
import { coordinatorFault, type TrainerServiceClient } from "./coordinator-client.js";

/** The faults for which no repeat brings a file. */
const REASONS: Partial<Record<FaultCode, string>> = {
  "not-found": "the coordinator does not store it",
  "data-loss": "the coordinator has damaged bytes of it",
};

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
      return new CoordinatorFault("deadline-exceeded", `no part of it arrived for ${this.#idleMs / 1000} s`);
    };
    try {
      for await (const { chunk } of withIdleLimit(parts, this.#idleMs, standstill)) yield chunk;
    } catch (error) {
      signal.throwIfAborted();
      throw originFault(sha256, coordinatorFault(error));
    }
  }
}

function originFault(sha256: string, error: unknown): unknown {
  if (!(error instanceof CoordinatorFault)) return error;
  const repeats = { [Number.POSITIVE_INFINITY]: "unlimited", 0: "none" } as const;
  const reason = REASONS[error.code] ?? `the coordinator does not send it: ${error.message}`;
  const advice = 'to upload it, repeat the command that started the study, or "sintonia create" with its spec';
  const message = `${reason} (SHA-256 ${sha256}); ${advice}`;
  return new OriginFault(message, repeats[FAULT_REPEATS[error.code]] ?? "some", { cause: error });
}
