import { type FileOrigin, OriginFault } from "@sintonia/files/contract/file-source";
import { messageOf } from "@sintonia/runtime/errors";
import type { FileStore } from "../../ports/file-store.js";
import { StoreUnavailableError } from "../../ports/study-log.js";

/** Returns the origin of the files in a store, for a cache on this machine. */
export function originOf(files: Pick<FileStore, "open">): FileOrigin {
  return {
    async *read({ sha256 }, offset, signal) {
      try {
        for await (const chunk of files.open(sha256, offset)) {
          signal.throwIfAborted();
          yield chunk;
        }
      } catch (error) {
        signal.throwIfAborted();
        const repeats = error instanceof StoreUnavailableError ? "unlimited" : "none";
        throw new OriginFault(messageOf(error), repeats, { cause: error });
      }
    },
  };
}
