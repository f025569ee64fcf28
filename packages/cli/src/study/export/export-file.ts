// The file of an exported study: a tar archive with the entries
//
// study.json          what the file has: StudyManifest
// results.json        the results, as `sintonia show --json` prints them
// log.jsonl           the log of the study, one record a line
// artifacts/SHA256    the models, and the weights of the best trial

import { createReadStream } from "node:fs";
import type { Artifact } from "@sintonia/proto/sintonia/v1/study";
import { SHA256, STUDY_ID } from "@sintonia/protocol/names";
import { extract, type Header } from "tar-stream";
import { CommandError } from "../../system/usage-error.js";

/** Names of the entries. */
export const ENTRIES = { manifest: "study.json", results: "results.json", log: "log.jsonl", artifacts: "artifacts/" };

/** Version of the file that this program writes, and the only one that it reads. */
export const EXPORT_VERSION = 1;

/** Size limit of the manifest in bytes. */
const MANIFEST_MAX_BYTES = 1024 * 1024;

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
  let hasManifest = false;
  try {
    const source = createReadStream(file);
    const entries = extract();
    source.on("error", (error) => entries.destroy(error));
    source.pipe(entries);
    for await (const entry of entries) {
      const part = await partOf(file, entry, hasManifest);
      hasManifest ||= part?.kind === "manifest";
      if (part !== undefined) yield part;
      entry.resume();
    }
  } catch (error) {
    throw readError(file, error);
  }
  if (!hasManifest) throw notAnExport(file, "it has no study.json");
}

/** An entry of the archive. */
interface Entry extends AsyncIterable<unknown> {
  readonly header: Header;
}

async function partOf(file: string, entry: Entry, hasManifest: boolean): Promise<ExportPart | undefined> {
  const { name, size = 0, type } = entry.header;
  if (type !== "file") return undefined;
  if (name === ENTRIES.manifest) return { kind: "manifest", manifest: parseManifest(await textOf(entry)) };
  if (!hasManifest) throw new Error("it does not begin with study.json");
  if (name === ENTRIES.log) return { kind: "log", bytes: bytesOf(file, entry) };
  const sha256 = name.startsWith(ENTRIES.artifacts) ? SHA256.parse(name.slice(ENTRIES.artifacts.length)) : undefined;
  return sha256 === undefined ? undefined : { kind: "artifact", sha256, sizeBytes: size, bytes: bytesOf(file, entry) };
}

async function* bytesOf(file: string, entry: Entry): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of entry) yield chunk as Buffer;
  } catch (error) {
    throw readError(file, error);
  }
}

async function textOf(entry: Entry): Promise<string> {
  if ((entry.header.size ?? 0) > MANIFEST_MAX_BYTES) throw new Error("its study.json is too large");
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
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
