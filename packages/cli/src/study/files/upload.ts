import { setTimeout as delay } from "node:timers/promises";
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
  /** Address from which trainers read the file. @default none: it is uploaded */
  readonly source?: string;
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

/**
 * Time in which a coordinator notices a dead connection: the interval of its keepalive and the
 * timeout of the answer, 30 s, and a reserve.
 */
const NOTICE_MAX_MS = 35_000;

/** Interval at which that is waited for, in milliseconds. */
const POLL_MS = 500;

/** Number of bytes that are rather sent again than waited for. */
const RESENT_MAX_BYTES = 16 * 2 ** 20;

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

/** The place of an upload in its file, over all attempts. */
interface Place {
  /** Offset at which the present attempt began; the number of bytes that the coordinator had. */
  offset: number;
  /** Largest offset of an attempt. */
  furthest: number;
  /** Number of bytes after the present attempt's last chunk. */
  sent: number;
  /** Failures since the largest offset grew. */
  failures: number;
}

/**
 * Uploads a file, and continues after a break where the coordinator has bytes of it.
 *
 * @throws {CommandError} if the file changed since its reference was computed
 * @throws {ClientError} if the coordinator refuses the file or stays away
 */
export async function uploadFile(client: FileClient, file: HashedFile, options: UploadOptions): Promise<void> {
  const { delayMs = 200, signal } = options;
  const place: Place = { offset: 0, furthest: -1, sent: 0, failures: 0 };
  const isTransient = (error: Error): boolean => {
    if (!(error instanceof ClientError) || signal?.aborted === true) return false;
    // The part of an earlier upload may be damaged. The coordinator has deleted it.
    if (error.code === Status.DATA_LOSS) return place.offset > 0;
    return TRANSIENT.has(error.code) && ++place.failures < FAILURES_MAX;
  };
  const attempt = () => continueUpload(client, file, place, options);
  try {
    await retry(attempt, { delayMs, delayMaxMs: 5_000, isTransient, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (error instanceof ClientError && error.code === Status.DATA_LOSS) await requireSame(file);
    if (isFileError(error)) throw unusable(file.local.path, readFailureText(error), error);
    throw error;
  }
  options.onProgress(file.ref.sizeBytes);
}

async function continueUpload(
  client: FileClient,
  file: HashedFile,
  place: Place,
  options: UploadOptions,
): Promise<void> {
  const received = await keptBytes(client, file.ref, place, options.signal);
  if (received === undefined) return;
  if (received > place.furthest) place.failures = 0;
  place.offset = received;
  place.furthest = Math.max(place.furthest, received);
  place.sent = received;
  await sendFrom(client, file, place, options);
}

/**
 * Returns the number of bytes that the coordinator has of a file; undefined if it stores it. Waits
 * after a broken attempt that has sent much, because the coordinator has its bytes only once it
 * knows that the connection is dead.
 */
async function keptBytes(
  client: FileClient,
  ref: FileRef,
  { offset, sent }: Place,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const { files } = await client.hasFiles({ files: [{ ...ref }] });
    if (files[0]?.stored === true) return undefined;
    const received = files[0]?.receivedBytes ?? 0;
    if (received > offset || sent - offset < RESENT_MAX_BYTES || waitedMs >= NOTICE_MAX_MS) return received;
    await delay(POLL_MS, undefined, { signal });
  }
}

async function sendFrom(
  client: FileClient,
  { local, ref }: HashedFile,
  place: Place,
  { onProgress, signal }: UploadOptions,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
  const signals = signal === undefined ? silence.signal : AbortSignal.any([silence.signal, signal]);
  const { offset } = place;
  async function* messages(): AsyncGenerator<UploadFileRequest> {
    yield { part: { $case: "header", value: { file: { ...ref }, offset } } };
    for await (const part of readParts(local, offset)) {
      yield { part: { $case: "chunk", value: part } };
      timer.refresh();
      place.sent += part.length;
      onProgress(place.sent);
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
