import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Artifact, Study } from "@sintonia/proto/sintonia/v1/study";
import { ClientError, Status } from "nice-grpc-common";
import { type Pack, pack } from "tar-stream";
import { CommandError } from "../../system/usage-error.js";
import { jsonText } from "../documents/json-text.js";
import { resultsDocument } from "../documents/results.js";
import { readTrials } from "../read-study.js";
import { ENTRIES, EXPORT_VERSION, type StudyManifest } from "./export-file.js";

/** The calls that an export needs. */
type ExportClient = Pick<AdminServiceClient, "readStudyLog" | "listTrials" | "getBestTrial" | "downloadArtifact">;

/**
 * Writes an ended study into a file, which appears once it is complete.
 *
 * @throws {CommandError} if an artifact is damaged
 * @throws an error of the coordinator or of the file system
 */
export async function writeExport(client: ExportClient, study: Study, file: string): Promise<StudyManifest> {
  const draft = `${file}.part`;
  const log = `${file}.log.part`;
  try {
    const lastRecordSha256 = await writeLog(client, study.id, log);
    const artifacts = await exportedArtifacts(client, study);
    const manifest: StudyManifest = { version: EXPORT_VERSION, study: study.id, lastRecordSha256, artifacts };
    const trials = await readTrials(client, { studyId: study.id, withMeasurements: true });
    const archive = pack();
    const written = pipeline(archive, createWriteStream(draft, { flush: true }));
    await Promise.all([written, fill(archive, { client, manifest, log, results: resultsDocument(study, trials) })]);
    await rename(draft, file);
    return manifest;
  } finally {
    for (const path of [draft, log]) await rm(path, { force: true });
  }
}

/** Writes the log of a study. Returns the SHA-256 of its last record. */
async function writeLog(client: ExportClient, studyId: string, file: string): Promise<string> {
  let last = "";
  async function* lines(): AsyncGenerator<Uint8Array | string> {
    for await (const { record } of client.readStudyLog({ studyId })) {
      last = createHash("sha256").update(record).digest("hex");
      yield record;
      yield "\n";
    }
  }
  await pipeline(lines(), createWriteStream(file));
  return last;
}

/** Returns the models and the weights of the best trial, each content once. */
async function exportedArtifacts(client: ExportClient, { id: studyId, models }: Study): Promise<Artifact[]> {
  const weights = await client.getBestTrial({ studyId }).then(
    (best) => best.weights,
    (error) => {
      if (error instanceof ClientError && error.code === Status.NOT_FOUND) return undefined;
      throw error;
    },
  );
  const all = weights === undefined ? models : [...models, weights];
  return [...new Map(all.map((artifact) => [artifact.sha256, artifact])).values()];
}

interface ExportContent {
  readonly client: ExportClient;
  readonly manifest: StudyManifest;
  readonly results: unknown;
  /** Path of the log. */
  readonly log: string;
}

async function fill(archive: Pack, { client, manifest, results, log }: ExportContent): Promise<void> {
  try {
    archive.entry({ name: ENTRIES.manifest }, jsonText(manifest));
    archive.entry({ name: ENTRIES.results }, jsonText(results));
    const entry = archive.entry({ name: ENTRIES.log, size: (await stat(log)).size });
    await pipeline(createReadStream(log), entry);
    for (const { sha256, sizeBytes } of manifest.artifacts) {
      const content = archive.entry({ name: `${ENTRIES.artifacts}${sha256}`, size: sizeBytes });
      await pipeline(Readable.from(chunksOf(client, manifest.study, sha256)), content);
    }
    archive.finalize();
  } catch (error) {
    archive.destroy(error as Error);
    throw error;
  }
}

async function* chunksOf(client: ExportClient, studyId: string, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const { chunk } of client.downloadArtifact({ studyId, sha256 })) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") === sha256) return;
  throw new CommandError(`artifact ${sha256} of study ${studyId} is damaged; nothing was written`, {
    code: "ARTIFACT_DAMAGED",
    facts: { study: studyId, sha256 },
  });
}
