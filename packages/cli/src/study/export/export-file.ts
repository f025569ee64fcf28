// The file of an exported study: a tar archive with the entries
//
// study.json          what the file has: StudyManifest
// results.json        the results, as `sintonia show --json` prints them
// log.jsonl           the log of the study, one record a line
// artifacts/SHA256    the models, and the weights of the best trial

import { createReadStream } from "node:fs";
import { buffer } from "node:stream/consumers";
import { readTar, type TarEntry } from "@sintonia/files/archive/tar-entries";
import type { Artifact } from "@sintonia/proto/sintonia/v1/study";
import { SHA256, STUDY_ID } from "@sintonia/protocol/names";
import { CommandError } from "../../system/usage-error.js";

/** Names of the entries. */
export const ENTRIES = { manifest: "study.json", results: "results.json", log: "log.jsonl", artifacts: "artifacts/" };

/** Version of the file that this program writes, and the only one that it reads. */
export const EXPORT_VERSION = 1;

/** Size limit of the manifest in bytes. */
const MANIFEST_MAX_BYTES = 1024 * 1024;

/** Number of characters of an unknown name that an error shows. */
const NAME_SHOWN_MAX = 100;

/** What the file of a study has. */
export interface StudyManifest {
  readonly version: number;
  readonly study: string;
  /** SHA-256 of the last record of the log. */
  readonly lastRecordSha256: string;
  readonly artifacts: readonly Pick<Artifact, "kind" | "sha256" | "sizeBytes">[];
}

/** A part of the file, in the order of the file. The reader of `bytes` reads them all. */
export type ExportPart =
  | { readonly kind: "manifest"; readonly manifest: StudyManifest }
  | { readonly kind: "log"; readonly bytes: AsyncIterable<Buffer> }
  | {
      readonly kind: "artifact";
      readonly sha256: string;
      readonly sizeBytes: number;
      readonly bytes: AsyncIterable<Buffer>;
    };

/**
 * Reads the file of a study.
 *
 * @throws {CommandError} if the file is none of a study, or damaged
 */
export async function* readExport(file: string): AsyncGenerator<ExportPart> {
  const names = new Set<string>();
  try {
    for await (const entry of readTar(createReadStream(file))) {
      if (names.has(entry.name)) throw new Error(`it has ${shown(entry.name)} twice`);
      names.add(entry.name);
      const part = await partOf(file, entry, names.has(ENTRIES.manifest));
      if (part !== undefined) yield part;
    }
  } catch (error) {
    throw readError(file, error);
  }
  if (!names.has(ENTRIES.manifest)) throw notAnExport(file, "it has no study.json");
}

async function partOf(file: string, entry: TarEntry, hasManifest: boolean): Promise<ExportPart | undefined> {
  const { name, sizeBytes, type } = entry;
  if (type === "directory") return undefined;
  if (type !== "file") throw unknownEntry(name);
  if (name === ENTRIES.manifest) return { kind: "manifest", manifest: parseManifest(await textOf(entry)) };
  if (!hasManifest) throw new Error("it does not begin with study.json");
  if (name === ENTRIES.results) return undefined;
  if (name === ENTRIES.log) return { kind: "log", bytes: bytesOf(file, entry) };
  const sha256 = name.startsWith(ENTRIES.artifacts) ? SHA256.parse(name.slice(ENTRIES.artifacts.length)) : undefined;
  if (sha256 === undefined) throw unknownEntry(name);
  return { kind: "artifact", sha256, sizeBytes, bytes: bytesOf(file, entry) };
}

function unknownEntry(name: string): Error {
  return new Error(`it has the entry ${shown(name)}, which no export has`);
}

/** Returns a name of the archive as a message shows it. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, NAME_SHOWN_MAX));
}

async function* bytesOf(file: string, entry: TarEntry): AsyncGenerator<Buffer> {
  try {
    yield* entry.bytes;
  } catch (error) {
    throw readError(file, error);
  }
}

async function textOf(entry: TarEntry): Promise<string> {
  if (entry.sizeBytes > MANIFEST_MAX_BYTES) throw new Error("its study.json is too large");
  return (await buffer(entry.bytes)).toString("utf8");
}

function parseManifest(text: string): StudyManifest {
  const manifest = JSON.parse(text) as Partial<StudyManifest> | null;
  const { version, study = "", lastRecordSha256 = "" } = manifest ?? {};
  if (typeof version === "number" && version > EXPORT_VERSION)
    throw new Error(`it has version ${version}, this program reads ${EXPORT_VERSION}`);
  const isValid = STUDY_ID.parse(study) !== undefined && SHA256.parse(lastRecordSha256) !== undefined;
  if (version !== EXPORT_VERSION || !isValid) throw new Error("its study.json is not valid");
  return manifest as StudyManifest;
}

function readError(file: string, error: unknown): unknown {
  if (error instanceof CommandError || typeof (error as NodeJS.ErrnoException).syscall === "string") return error;
  return notAnExport(file, (error as Error).message);
}

function notAnExport(file: string, reason: string): CommandError {
  const message = `${file} is not a whole file of "sintonia export": ${reason.replaceAll("\n", " ")}`;
  return new CommandError(message, { code: "NOT_AN_EXPORT", facts: { file } });
}
