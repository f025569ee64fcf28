import type { UploadFileRequest } from "@sintonia/proto/sintonia/v1/admin";
import { FILES_MAX, type FileRef } from "@sintonia/protocol/file";
import { retry } from "@sintonia/runtime/backoff";
import type { connectAdminService } from "@sintonia/runtime/grpc/client";
import { ClientError, Status } from "nice-grpc-common";
import { isFileError, readFailureText } from "../../system/files/file-failures.js";
import { CommandError } from "../../system/usage-error.js";
import { hashFile } from "./hash.js";
import { findFile, type LocalFile, unusable } from "./local-file.js";
import { readParts } from "./read-parts.js";

/** The calls that an upload makes. */
export type FileClient = Pick<ReturnType<typeof connectAdminService>["client"], "hasFiles" | "uploadFile">;

/** A file of this machine with its reference. */
export interface HashedFile {
  readonly local: LocalFile;
  readonly ref: FileRef;
}

/** The schedule and the report of an upload. */
export interface UploadOptions {
  /** Receives the number of bytes that the coordinator has. */
  readonly onProgress: (bytesDone: number) => void;
  readonly signal?: AbortSignal | undefined;
  /**
   * Wait after the first failure, in milliseconds.
   * @default 200
   */
  readonly delayMs?: number;
}

/**
 * Failures in a row, without any bytes in between that the coordinator keeps, after which an upload
 * ends. With the delays between them they take half a minute, the time of a restart.
 */
const FAILURES_MAX = 10;

/** Time without a sign of the coordinator after which an upload is broken, in milliseconds. */
const SILENCE_MAX_MS = 300_000;

/** Statuses of a transfer that a further attempt may mend. */
const TRANSIENT: ReadonlySet<Status> = new Set([
  Status.UNAVAILABLE,
  Status.DEADLINE_EXCEEDED,
  Status.CANCELLED,
  Status.ABORTED,
  Status.INTERNAL,
  Status.UNKNOWN,
  Status.OUT_OF_RANGE,
]);

/** Returns the references of those files that the coordinator does not store. */
export async function missingFiles(client: FileClient, refs: readonly FileRef[]): Promise<readonly FileRef[]> {
  const missing: FileRef[] = [];
  for (let start = 0; start < refs.length; start += FILES_MAX) {
    const page = refs.slice(start, start + FILES_MAX);
    const { files } = await client.hasFiles({ files: page.map((ref) => ({ ...ref })) });
    missing.push(...page.filter((_, index) => files[index]?.stored !== true));
  }
  return missing;
}

/**
 * Uploads a file, and continues after a break where the coordinator has bytes of it.
 *
 * @throws {CommandError} if the file changed since its reference was computed
 * @throws {ClientError} if the coordinator refuses the file or stays away
 */
export async function uploadFile(client: FileClient, file: HashedFile, options: UploadOptions): Promise<void> {
  const { delayMs = 200, signal } = options;
  const place = { furthest: -1, offset: 0 };
  let failures = 0;
  const isTransient = (error: Error): boolean => {
    if (!(error instanceof ClientError) || signal?.aborted === true) return false;
    // The part of an earlier upload may be damaged. The coordinator has deleted it.
    if (error.code === Status.DATA_LOSS) return place.offset > 0;
    return TRANSIENT.has(error.code) && ++failures < FAILURES_MAX;
  };
  const attempt = async (): Promise<void> => {
    const received = await receivedBytes(client, file.ref);
    if (received === undefined) return;
    if (received > place.furthest) failures = 0;
    place.offset = received;
    place.furthest = Math.max(place.furthest, received);
    await sendFrom(client, file, received, options);
  };
  try {
    await retry(attempt, { delayMs, delayMaxMs: 5_000, isTransient, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (error instanceof ClientError && error.code === Status.DATA_LOSS) await requireSame(file);
    if (isFileError(error)) throw unusable(file.local.path, readFailureText(error), error);
    throw error;
  }
  options.onProgress(file.ref.sizeBytes);
}

/** Returns the number of bytes that the coordinator has of a file; undefined if it stores it. */
async function receivedBytes(client: FileClient, ref: FileRef): Promise<number | undefined> {
  const { files } = await client.hasFiles({ files: [{ ...ref }] });
  return files[0]?.stored === true ? undefined : (files[0]?.receivedBytes ?? 0);
}

async function sendFrom(
  client: FileClient,
  { local, ref }: HashedFile,
  offset: number,
  { onProgress, signal }: UploadOptions,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
  const signals = signal === undefined ? silence.signal : AbortSignal.any([silence.signal, signal]);
  let bytesDone = offset;
  async function* messages(): AsyncGenerator<UploadFileRequest> {
    yield { part: { $case: "header", value: { file: { ...ref }, offset } } };
    for await (const part of readParts(local, offset)) {
      yield { part: { $case: "chunk", value: part } };
      timer.refresh();
      bytesDone += part.length;
      onProgress(bytesDone);
    }
  }
  try {
    await client.uploadFile(messages(), { signal: signals });
  } catch (error) {
    if (!silence.signal.aborted) throw error;
    throw new ClientError("UploadFile", Status.UNAVAILABLE, `nothing moves since ${SILENCE_MAX_MS / 1000} s`);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws {CommandError} with both checksums if the file is not the one that was hashed */
async function requireSame({ local, ref }: HashedFile): Promise<void> {
  const { path, absolutePath } = local;
  const present = await hashFile(await findFile("", absolutePath), () => undefined);
  if (present.sha256 === ref.sha256) return;
  throw new CommandError(
    `${path}: it changed while it was uploaded: its SHA-256 was ${ref.sha256} and is ${present.sha256}; ` +
      "start again when nothing writes to it",
    { code: "FILE_CHANGED", facts: { path, before: ref.sha256, now: present.sha256 } },
  );
}
