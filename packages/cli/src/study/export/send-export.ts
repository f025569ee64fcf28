import type { AdminServiceClient, ImportStudyRequest } from "@sintonia/proto/sintonia/v1/admin";
import { ArtifactKind, type Study } from "@sintonia/proto/sintonia/v1/study";
import { type ExportPart, readExport } from "./export-file.js";

/** Limit of a chunk in bytes. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Sends the file of a study to a coordinator.
 *
 * @throws {CommandError} if the file is none of a study, or damaged
 * @throws {ClientError} if the coordinator refuses the study
 */
export async function sendExport(
  client: Pick<AdminServiceClient, "importStudy">,
  file: string,
): Promise<{ readonly study: Study; readonly existed: boolean }> {
  let fault: unknown;
  async function* messages(): AsyncGenerator<ImportStudyRequest> {
    try {
      for await (const part of readExport(file)) for await (const message of messagesOf(part)) yield { part: message };
    } catch (error) {
      fault = error;
      throw error;
    }
  }
  try {
    const { study, existed } = await client.importStudy(messages());
    if (study === undefined) throw new Error("the coordinator answered without a study");
    return { study, existed };
  } catch (error) {
    // The call fails for the reason of its stream.
    throw fault ?? error;
  }
}

async function* messagesOf(part: ExportPart): AsyncGenerator<NonNullable<ImportStudyRequest["part"]>> {
  switch (part.kind) {
    case "manifest": {
      const { study: studyId, lastRecordSha256 } = part.manifest;
      yield { $case: "header", value: { studyId, lastRecordSha256 } };
      return;
    }
    case "log":
      for await (const record of linesOf(part.bytes)) yield { $case: "record", value: record };
      return;
    case "artifact": {
      const { sha256, sizeBytes } = part;
      yield { $case: "artifact", value: { kind: ArtifactKind.UNSPECIFIED, sha256, sizeBytes } };
      for await (const bytes of part.bytes) {
        for (let start = 0; start < bytes.length; start += CHUNK_BYTES)
          yield { $case: "chunk", value: bytes.subarray(start, start + CHUNK_BYTES) };
      }
    }
  }
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { splitLines } = await import("@sintonia/coordinator/adapters/filesystem/logs/lines");
  yield* splitLines(chunks);
}
