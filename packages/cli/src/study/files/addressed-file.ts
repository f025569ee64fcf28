// Files that a spec names by an address: trainers read them from there.

import { FileUnavailableError } from "@sintonia/files/contract/file-source";
import type { RemoteAddress } from "@sintonia/files/remote/remote-files";
import type { LocalContent, RemoteContents } from "@sintonia/files/unknown/remote-contents";
import { nameOf, SHA256 } from "@sintonia/protocol/names";
import { checksumOf, parseAddress, withoutChecksum } from "@sintonia/tuning/plan/file/file-address";
import { hashFile } from "./hash.js";
import { findFile, unusable } from "./local-file.js";
import type { HashedFile } from "./upload.js";

/** Bytes of a file that are done. */
export type FileProgress = (bytesDone: number, bytesTotal: number | undefined) => void;

/** The means to read a file of an address. */
interface Reading {
  readonly contents: RemoteContents;
  readonly onProgress: FileProgress;
  readonly signal: AbortSignal;
}

/**
 * Reads a file at its address once, and computes its reference. A file of a server is kept in the
 * cache of this machine.
 *
 * @param path - address as the spec has it, with or without a checksum
 * @throws {UsageError} if the file cannot be read, or has another checksum than the address says
 */
export async function hashAddressed(path: string, reading: Reading): Promise<HashedFile> {
  const address = parseAddress(path);
  if (address === undefined) throw unusable(path, "it is no address of a file");
  const hashed =
    address.scheme === "file"
      ? await hashMounted(path, address.path, reading.onProgress)
      : await hashRemote(path, address, reading);
  return { ...hashed, source: withoutChecksum(path) };
}

async function hashMounted(path: string, place: string, onProgress: FileProgress): Promise<HashedFile> {
  const local = { ...(await findFile("/", place)), path };
  const ref = await hashFile(local, (bytesDone) => onProgress(bytesDone, local.sizeBytes));
  const wanted = checksumOf(path);
  if (wanted !== undefined && wanted !== ref.sha256)
    throw unusable(path, `it changed: the spec names SHA-256 ${wanted}, and it has ${ref.sha256}`);
  return { local, ref };
}

async function hashRemote(path: string, address: RemoteAddress, reading: Reading): Promise<HashedFile> {
  const { ref, path: absolutePath } = await fetchRemote(path, address, reading);
  return { local: { path, absolutePath, sizeBytes: ref.sizeBytes, changedMs: 0, isOutside: false }, ref };
}

async function fetchRemote(
  path: string,
  address: RemoteAddress,
  { contents, onProgress, signal }: Reading,
): Promise<LocalContent> {
  const checksum = checksumOf(path);
  const sha256 = checksum === undefined ? undefined : nameOf(SHA256, checksum);
  try {
    const report = ({ bytesDone, bytesTotal }: { bytesDone: number; bytesTotal: number | undefined }) =>
      onProgress(bytesDone, bytesTotal);
    return await contents.fetch({ address, sha256, onProgress: report, signal });
  } catch (error) {
    if (error instanceof FileUnavailableError) throw unusable(path, error.message, error);
    throw error;
  }
}
