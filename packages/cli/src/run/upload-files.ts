import type { RemoteContents } from "@sintonia/files/unknown/remote-contents";
import type { FileRef } from "@sintonia/protocol/file";
import type { Display } from "../display/display.js";
import { slowTasks, transferTask } from "../display/task.js";
import { hashAddressed } from "../study/files/addressed-file.js";
import { bytesText } from "../study/files/bytes-text.js";
import { hashFile } from "../study/files/hash.js";
import { findFile, type LocalFile, unusable } from "../study/files/local-file.js";
import {
  type FileClient,
  type HashedFile,
  missingFiles,
  type UploadOptions,
  uploadFile,
} from "../study/files/upload.js";

/** The files of a spec on this machine. */
interface SpecFiles {
  /** Folder of the spec, to which relative paths refer. */
  readonly folder: string;
  /** Paths as the spec has them. */
  readonly paths: readonly string[];
  readonly display: Pick<Display, "print" | "task">;
  /**
   * True if a file may have no bytes, as a part of a program.
   * @default false
   */
  readonly mayBeEmpty?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Uploads those of the files that the coordinator does not store, each content once. Files with a
 * source stay there.
 *
 * @throws {CommandError} if a file changed since it was hashed
 */
export async function uploadHashed(
  client: FileClient,
  files: readonly HashedFile[],
  request: Pick<SpecFiles, "display" | "signal">,
): Promise<void> {
  const own = files.filter(({ source }) => source === undefined);
  if (own.length === 0) return;
  const bySha256 = new Map(own.map((file) => [file.ref.sha256, file]));
  const missing = await missingFiles(
    client,
    [...bySha256.values()].map(({ ref }) => ref),
  );
  for (const { sha256 } of missing) await upload(client, bySha256.get(sha256) as HashedFile, request);
  request.display.print(summary(own, missing));
}

/**
 * Hashes the files of a spec, and names those outside its folder. Finds all of them before it reads
 * the first one, so that a mistyped path is an error at once. Shows the progress of slow reading.
 *
 * @throws {UsageError} if a file cannot be used
 */
export async function hashFiles({
  folder,
  paths,
  display,
  mayBeEmpty = false,
  signal,
}: SpecFiles): Promise<HashedFile[]> {
  const found: LocalFile[] = [];
  for (const path of new Set(paths)) found.push(await findFile(folder, path));
  const empty = mayBeEmpty ? undefined : found.find(({ sizeBytes }) => sizeBytes === 0);
  if (empty !== undefined) throw unusable(empty.path, "it is empty");
  const hashed: HashedFile[] = [];
  for (const local of found) {
    signal?.throwIfAborted();
    if (local.isOutside)
      display.print(`Files       ${local.path} is outside the spec's folder; ${local.absolutePath} is used`);
    hashed.push({ local, ref: await hashFile(local, progressOf(display, "reading", local)) });
  }
  return hashed;
}

/**
 * Hashes the files of a spec that have addresses, and names their checksums. Reads a file of
 * another server once into the cache of this machine. Shows the progress of slow reading.
 *
 * @throws {UsageError} if a file cannot be used
 */
export async function hashAddresses({
  paths,
  contents,
  display,
  mayBeEmpty = false,
  signal = new AbortController().signal,
}: Omit<SpecFiles, "folder"> & { readonly contents: () => RemoteContents }): Promise<HashedFile[]> {
  const hashed: HashedFile[] = [];
  if (paths.length === 0) return hashed;
  const reader = contents();
  for (const path of new Set(paths)) {
    const show = transferTask(
      slowTasks(display, () => performance.now()),
      "Files",
    );
    const onProgress = (bytesDone: number, bytesTotal: number | undefined) =>
      show({ file: `reading ${path}`, bytesDone, bytesTotal });
    const file = await hashAddressed(path, { contents: reader, onProgress, signal });
    if (file.ref.sizeBytes === 0 && !mayBeEmpty) throw unusable(path, "it is empty");
    display.print(`Files       ${file.source}, ${bytesText(file.ref.sizeBytes)}, SHA-256 ${file.ref.sha256}`);
    hashed.push(file);
  }
  return hashed;
}

async function upload(
  client: FileClient,
  file: HashedFile,
  { display, signal }: Pick<SpecFiles, "display" | "signal">,
): Promise<void> {
  const onProgress = progressOf(display, "uploading", file.local);
  await uploadFile(client, file, { onProgress, signal });
}

/** Returns a receiver of the bytes of a file that are done. */
function progressOf(
  display: Pick<Display, "task">,
  verb: string,
  { path, sizeBytes: bytesTotal }: LocalFile,
): UploadOptions["onProgress"] {
  const show = transferTask(
    slowTasks(display, () => performance.now()),
    "Files",
  );
  return (bytesDone) => show({ file: `${verb} ${path}`, bytesDone, bytesTotal });
}

function summary(files: readonly HashedFile[], missing: readonly FileRef[]): string {
  const bytes = bytesText(files.reduce((sum, { ref }) => sum + ref.sizeBytes, 0));
  const what = files.length === 1 ? files[0]?.local.path : `${files.length} files`;
  const uploaded = files.length === 1 ? "uploaded" : `${missing.length} uploaded`;
  return `Files       ${what}, ${bytes}, ${missing.length === 0 ? "stored already" : uploaded}`;
}
