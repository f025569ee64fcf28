// Folders of a program as tar archives: checkpoints and artifacts.

import { constants } from "node:fs";
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  ARCHIVE_MAX_BYTES,
  ArchiveError,
  ENTRY_HEADER_BYTES,
  readTar,
  type TarEntry,
} from "@sintonia/files/archive/tar-entries";
import { type Header, pack } from "tar-stream";

/** The content of an archive: folders by the names that they have in it, and texts by theirs. */
export interface ArchiveContent {
  readonly folders: Readonly<Record<string, string>>;
  readonly texts?: Readonly<Record<string, string>>;
  /** Names of files and links to leave out, with that of their folder. @default none */
  readonly except?: ReadonlySet<string>;
}

interface Entry {
  readonly header: Partial<Header> & Pick<Header, "name">;
  readonly bytes: Buffer;
}

/**
 * Packs folders. The same files give the same bytes: names are sorted, and times and owners left
 * out. Files and links that stay inside their folder are kept, devices, sockets and pipes are not.
 *
 * @throws {ArchiveError} if the files are larger than the limit
 */
export async function packFolders(
  { folders, texts = {}, except = new Set() }: ArchiveContent,
  bytesMax = ARCHIVE_MAX_BYTES,
): Promise<Buffer> {
  const entries: Entry[] = Object.entries(texts).map(([name, text]) => textEntry(name, text));
  let total = 0;
  for (const [name, folder] of Object.entries(folders)) {
    for await (const entry of entriesOf(folder, name, () => bytesMax - total)) {
      if (except.has(entry.header.name)) continue;
      total += ENTRY_HEADER_BYTES + entry.bytes.length;
      entries.push(entry);
    }
  }
  return await packed(entries);
}

/** Returns the names of the files and links of an archive. */
export async function namesIn(bytes: Buffer): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { name, type } of readTar(Readable.from([bytes]))) if (type !== "directory") names.add(name);
  return names;
}

/**
 * Unpacks an archive into folders. Entries of other names are ignored.
 *
 * @returns the texts of the archive by their names
 * @throws {ArchiveError} if the bytes are no archive, or an entry leads out of its folder
 */
export async function unpackFolders(
  bytes: Buffer,
  folders: Readonly<Record<string, string>>,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  // Links are made last, so that no file is written through one.
  const links: Array<() => Promise<void>> = [];
  try {
    for await (const entry of readTar(Readable.from([bytes]))) await place(entry, { folders, texts, links });
    for (const link of links) await link();
  } catch (cause) {
    if (cause instanceof OutsideError) throw cause;
    throw new ArchiveError(`the archive cannot be unpacked: ${(cause as Error).message}`, { cause });
  }
  return texts;
}

/** Reads the entries of a folder. A folder that the program has deleted is empty. */
async function* entriesOf(folder: string, name: string, room: () => number): AsyncGenerator<Entry> {
  const state = await lstat(folder).catch(() => undefined);
  if (state?.isDirectory() === false) throw new ArchiveError(`${folder} is no folder any more`);
  const header = { name: `${name}/`, type: "directory", mode: 0o755, mtime: new Date(0) } as const;
  yield { header, bytes: Buffer.alloc(0) };
  for (const child of state === undefined ? [] : (await readdir(folder)).sort()) {
    yield* entryOf(join(folder, child), `${name}/${child}`, room);
  }
}

async function* entryOf(path: string, name: string, room: () => number): AsyncGenerator<Entry> {
  // A program that runs on may delete a file at any time.
  const state = await lstat(path).catch(() => undefined);
  if (state?.isDirectory()) yield* entriesOf(path, name, room);
  else if (state?.isSymbolicLink()) yield* linkEntry(path, name);
  else if (state?.isFile()) {
    if (state.size > room()) throw tooLarge(path);
    const bytes = await readFile(path, { flag: constants.O_RDONLY | constants.O_NOFOLLOW });
    if (bytes.length > room()) throw tooLarge(path);
    const header = { name, type: "file", mode: state.mode & 0o777, mtime: new Date(0), size: bytes.length } as const;
    yield { header, bytes };
  }
}

async function* linkEntry(path: string, name: string): AsyncGenerator<Entry> {
  const linkname = await readlink(path);
  if (!isInside(name, linkname)) return;
  yield { header: { name, type: "symlink", linkname, mtime: new Date(0) }, bytes: Buffer.alloc(0) };
}

/** Tells whether a link stays in the folder whose name the entry's begins with. */
function isInside(name: string, linkname: string): boolean {
  if (linkname === "") return false;
  const [root = ""] = name.split("/");
  const target = posix.join(posix.dirname(name), linkname);
  return !linkname.startsWith("/") && (target === root || target.startsWith(`${root}/`));
}

function textEntry(name: string, text: string): Entry {
  const bytes = Buffer.from(text);
  return { header: { name, type: "file", mode: 0o644, mtime: new Date(0), size: bytes.length }, bytes };
}

async function packed(entries: readonly Entry[]): Promise<Buffer> {
  const stream = pack();
  const parts: Buffer[] = [];
  const collected = (async () => {
    for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
  })();
  for (const { header, bytes } of entries) stream.entry(header, bytes);
  stream.finalize();
  await collected;
  return Buffer.concat(parts);
}

interface Target {
  readonly folders: Readonly<Record<string, string>>;
  readonly texts: Map<string, string>;
  readonly links: Array<() => Promise<void>>;
}

async function place(entry: TarEntry, { folders, texts, links }: Target): Promise<void> {
  const { name, path: parts, type, mode, linkname } = entry;
  if (parts === undefined) throw new OutsideError(name);
  const [root = "", ...rest] = parts;
  const folder = folders[root];
  if (folder === undefined) {
    if (rest.length === 0 && type === "file") texts.set(root, (await buffer(entry.bytes)).toString("utf8"));
    return;
  }
  const path = join(folder, ...rest);
  await mkdir(type === "directory" ? path : dirname(path), { recursive: true });
  if (type === "file") await writeFile(path, await buffer(entry.bytes), { mode });
  if (type === "symlink" && isInside(name, linkname)) links.push(() => symlink(linkname, path));
}

/** An entry of an archive leads out of its folder. */
class OutsideError extends ArchiveError {
  constructor(name: string) {
    super(`the archive has the entry ${JSON.stringify(name)}, which leads out of its folder`);
  }
}

function tooLarge(path: string): ArchiveError {
  return new ArchiveError(
    `with ${path} the folder holds more than ${ARCHIVE_MAX_BYTES / 2 ** 20} MiB, the limit of what is stored`,
  );
}
