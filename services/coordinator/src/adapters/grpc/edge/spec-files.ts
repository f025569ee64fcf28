import { nameOf, SHA256 } from "@sintonia/protocol/names";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { filesAtCoordinator, namedFiles } from "@sintonia/tuning/spec/spec-files";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { Status } from "nice-grpc-common";
import type { FileStore } from "../../../ports/file-store.js";
import { invalidField } from "./status.js";

/**
 * Refuses a spec with files that are not stored and have no source: no trainer could get them.
 *
 * @throws {ServerError} that names the first such file
 */
export async function requireStoredFiles(store: Pick<FileStore, "sizeOf">, spec: StudySpec): Promise<void> {
  const [named] = namedFiles(spec);
  if (named !== undefined)
    throw invalidField(`${named.part}.files`, "received paths, expected files by content (path, sha256, sizeBytes).");
  for (const [path, { sha256, sizeBytes }] of Object.entries(filesAtCoordinator(spec))) {
    const stored = await store.sizeOf(nameOf(SHA256, sha256));
    if (stored === undefined)
      throw refusal(Status.FAILED_PRECONDITION, `File ${path} (SHA-256 ${sha256}) is not stored; upload it first.`, {
        reason: "FILE_NOT_STORED",
        facts: { path, sha256 },
      });
    if (stored !== sizeBytes)
      throw invalidField(`File ${path}`, `received a size of ${sizeBytes} bytes, but the stored one has ${stored}.`);
  }
}
