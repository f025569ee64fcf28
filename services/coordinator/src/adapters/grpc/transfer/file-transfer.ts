// The transfer of the files that studies need: from the person who creates a study, and to the
// trainers.

import type {
  FileHeader,
  HasFilesResponse,
  UploadFileRequest,
  UploadFileResponse,
} from "@sintonia/proto/sintonia/v1/admin";
import type { FileRef as FileMessage } from "@sintonia/proto/sintonia/v1/study";
import type { DownloadFileResponse } from "@sintonia/proto/sintonia/v1/trainer";
import { SHA256, type Sha256 } from "@sintonia/protocol/names";
import { TRANSFER_IDLE_MS, withIdleLimit } from "@sintonia/runtime/grpc/idle-limit";
import type { ServerError } from "nice-grpc-common";
import type { ArtifactStore } from "../../../ports/artifact-store.js";
import { bytesFrom, type FileStore, requireWithin } from "../../../ports/file-store.js";
import { requireFile, requireFiles, requireName, requireOffset } from "../edge/fields.js";
import { clientLeft, invalidStream, statusError, transferTimedOut } from "../edge/status.js";

/** Returns which files are stored, and how much of the others has arrived. */
export async function presenceOf(
  store: Pick<FileStore, "sizeOf" | "receivedBytes">,
  messages: readonly FileMessage[],
): Promise<HasFilesResponse> {
  const files = [];
  for (const { sha256, sizeBytes } of requireFiles(messages, "files")) {
    const stored = (await store.sizeOf(sha256).catch(rethrow)) === sizeBytes;
    const receivedBytes = stored ? 0 : await store.receivedBytes(sha256).catch(rethrow);
    files.push({ sha256, stored, receivedBytes });
  }
  return { files };
}

/**
 * Stores an upload under its checksum.
 *
 * @param signal - aborted when the client has left; the messages then end as if they were complete
 * @param idleMs - time without a message after which the upload counts as broken
 */
export async function receiveFile(
  store: Pick<FileStore, "put">,
  parts: AsyncIterable<UploadFileRequest>,
  signal: AbortSignal,
  idleMs = TRANSFER_IDLE_MS,
): Promise<UploadFileResponse> {
  const messages = withIdleLimit(parts, idleMs, () => standstill(idleMs));
  const first = await messages.next();
  const header = first.done === true ? undefined : headerOf(first.value);
  if (header === undefined) throw invalidStream("An upload begins with a header that names the file.");
  const file = requireFile(header.file, "header.file");
  const offset = requireOffset(header.offset, "header.offset");
  try {
    await store.put(chunksOf(messages, signal), file, offset);
  } catch (error) {
    rethrow(error);
  } finally {
    await messages.return(undefined);
  }
  return { file: { ...file } };
}

/** The stores whose bytes a plan may name. */
interface ReadableStores {
  readonly files: Pick<FileStore, "open" | "sizeOf">;
  /** Contains the files that trials left. */
  readonly artifacts: Pick<ArtifactStore, "open" | "sizeOf">;
}

/** Reads a file, or what a tested trial left, from an offset on. */
export async function* readFile(
  stores: ReadableStores,
  sha256: string,
  from: number,
): AsyncGenerator<DownloadFileResponse> {
  const name = requireName(SHA256, sha256, "sha256");
  const offset = requireOffset(from, "offset");
  try {
    for await (const bytes of await opened(stores, name, offset)) yield { chunk: Buffer.from(bytes) };
  } catch (error) {
    rethrow(error);
  }
}

async function opened(
  { files, artifacts }: ReadableStores,
  sha256: Sha256,
  offset: number,
): Promise<AsyncIterable<Uint8Array>> {
  const artifactBytes = (await files.sizeOf(sha256)) === undefined ? await artifacts.sizeOf(sha256) : undefined;
  if (artifactBytes === undefined) return files.open(sha256, offset);
  requireWithin(sha256, artifactBytes, offset);
  return bytesFrom(artifacts.open(sha256), offset);
}

function standstill(idleMs: number): ServerError {
  return transferTimedOut(`No part of the upload arrived for ${idleMs / 1000} s.`);
}

function headerOf({ part }: UploadFileRequest): FileHeader | undefined {
  return part?.$case === "header" ? part.value : undefined;
}

async function* chunksOf(parts: AsyncIterable<UploadFileRequest>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const { part } of parts) {
    if (part?.$case !== "chunk") throw invalidStream("An upload has only chunks after its header.");
    yield part.value;
  }
  if (signal.aborted) throw clientLeft("upload");
}

function rethrow(error: unknown): never {
  throw statusError(error);
}
