import { createHash } from "node:crypto";
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { type Artifact, ArtifactKind } from "@sintonia/proto/sintonia/v1/study";
import { UserError } from "@sintonia/runtime/errors";
import { makeFolder } from "../system/files/folders.js";
import { unpackProgramFiles } from "./program-files.js";

/** Name of the file of a trial's weights. */
export const WEIGHTS_FILE = "weights.safetensors";

const FILE_NAMES: Readonly<Record<number, string>> = {
  [ArtifactKind.WEIGHTS]: WEIGHTS_FILE,
  [ArtifactKind.TFJS_MODEL]: "model.json",
  [ArtifactKind.TFJS_WEIGHTS]: "weights.bin",
  [ArtifactKind.ONNX_MODEL]: "model.onnx",
  [ArtifactKind.PREPARATION]: "preparation.json",
};

/** Names of the files of an exported model. */
export const MODEL_FILES: readonly string[] = Object.values(FILE_NAMES);

/** Names of the files that the evaluation of a best model makes. */
export const EXPORTED_FILES: readonly string[] = ["model.json", "weights.bin", "model.onnx"];

/** Returns the file name of a downloaded artifact; undefined if it is no model file. */
export function fileNameOf({ kind }: Artifact): string | undefined {
  return FILE_NAMES[kind];
}

interface DownloadRequest {
  readonly client: Pick<AdminServiceClient, "downloadArtifact">;
  readonly studyId: string;
  readonly artifacts: readonly Artifact[];
  /** Made if missing. */
  readonly directory: string;
  /** Receives the bytes of a file that were read so far, after each part. */
  readonly onProgress?: (transfer: { file: string; bytesDone: number; bytesTotal: number }) => void;
}

/**
 * Downloads artifacts into a folder, under the file names that their readers expect, and the files
 * of a program under their own. A file appears there only after its checksum was verified.
 *
 * @returns file names in the order of the artifacts
 * @throws {UserError} if the bytes of an artifact do not match its checksum
 */
export async function downloadArtifacts(request: DownloadRequest): Promise<string[]> {
  makeFolder(request.directory);
  const names: string[] = [];
  for (const artifact of request.artifacts) {
    const name = fileNameOf(artifact);
    if (artifact.kind === ArtifactKind.PROGRAM_FILES) names.push(...(await downloadProgramFiles(request, artifact)));
    if (name === undefined) continue;
    await downloadOne(request, artifact, join(request.directory, name));
    names.push(name);
  }
  return names;
}

async function downloadProgramFiles(request: DownloadRequest, artifact: Artifact): Promise<string[]> {
  const archive = join(request.directory, "program-files.tar");
  try {
    await downloadOne(request, artifact, archive);
    return await unpackProgramFiles(archive, request.directory);
  } finally {
    rmSync(archive, { force: true });
  }
}

async function downloadOne(request: DownloadRequest, artifact: Artifact, path: string): Promise<void> {
  const { client, studyId, onProgress } = request;
  const file = basename(path);
  let bytesDone = 0;
  const draft = `${path}.part`;
  const hash = createHash("sha256");
  try {
    await pipeline(async function* () {
      for await (const { chunk } of client.downloadArtifact({ studyId, sha256: artifact.sha256 })) {
        hash.update(chunk);
        bytesDone += chunk.length;
        onProgress?.({ file, bytesDone, bytesTotal: artifact.sizeBytes });
        yield chunk;
      }
    }, createWriteStream(draft));
    if (hash.digest("hex") !== artifact.sha256) {
      throw new UserError(`${path}: the downloaded bytes do not match their checksum; the file was not written`);
    }
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
