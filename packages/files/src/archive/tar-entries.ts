// Tar archives as they come from other machines: read one entry at a time, with limits, and with
// names that cannot lead out of a folder.

import { Readable } from "node:stream";
import { extract, type Header } from "tar-stream";

/** Limit of an archive of a trial's files in bytes: the coordinator's limit of one artifact. */
export const ARCHIVE_MAX_BYTES = 2 ** 30;

/**
 * Bytes that an entry adds to an archive beside its content, at most: its header, the longer header
 * of a long name, and what fills the last block.
 */
export const ENTRY_HEADER_BYTES = 3 * 1024;

/** Upper limit of the entries of an archive: as many as headers fit into ARCHIVE_MAX_BYTES. */
const ENTRIES_MAX = Math.ceil(ARCHIVE_MAX_BYTES / ENTRY_HEADER_BYTES);

/** An archive is damaged, or cannot be stored. The message is one line for a person. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

/** An entry of an archive. */
export interface TarEntry {
  readonly name: string;
  /** The parts of the name; undefined if the name is absolute or leads out of the archive. */
  readonly path: readonly string[] | undefined;
  readonly type: "file" | "directory" | "symlink" | "other";
  /** Permissions of the owner, the group and others. */
  readonly mode: number;
  /** Target of a link; empty for everything else. */
  readonly linkname: string;
  readonly sizeBytes: number;
  /** The content. The caller reads it before it asks for the next entry, or leaves it unread. */
  readonly bytes: AsyncIterable<Buffer>;
}

/**
 * Reads the entries of a tar archive. The caller streams their content; tar-stream bounds headers.
 *
 * @throws {ArchiveError} if the archive is damaged or exceeds a limit; an error of the source as it
 *   is
 */
export async function* readTar(source: AsyncIterable<Uint8Array>, entriesMax = ENTRIES_MAX): AsyncGenerator<TarEntry> {
  const stream = extract();
  const chunks = Readable.from(source, { objectMode: false });
  chunks.on("error", (error) => stream.destroy(error));
  chunks.pipe(stream);
  let count = 0;
  try {
    for await (const entry of stream) {
      count += 1;
      if (count > entriesMax) throw new ArchiveError(`it has more than ${entriesMax} entries`);
      yield entryOf(entry.header, entry as AsyncIterable<Buffer>);
      entry.resume();
    }
  } catch (error) {
    throw faultOf(error);
  } finally {
    chunks.destroy();
  }
}

function entryOf(header: Header, content: AsyncIterable<Buffer>): TarEntry {
  const { name, type, mode = 0o644, linkname, size = 0 } = header;
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const isInside = !name.startsWith("/") && !parts.includes("..") && !name.includes("\0");
  return {
    name,
    path: isInside ? parts : undefined,
    type: type === "file" || type === "directory" || type === "symlink" ? type : "other",
    mode: mode & 0o777,
    linkname: linkname ?? "",
    sizeBytes: size,
    bytes: mapped(content),
  };
}

async function* mapped(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* content;
  } catch (error) {
    throw faultOf(error);
  }
}

/** Returns the error of a source as it is, and any other one as a fault of the archive. */
function faultOf(error: unknown): Error {
  const fault = error as NodeJS.ErrnoException;
  if (fault instanceof ArchiveError || typeof fault.syscall === "string") return fault;
  return new ArchiveError(fault.message.replaceAll("\n", " "), { cause: error });
}
