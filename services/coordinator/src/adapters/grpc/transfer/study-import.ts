// The import of a study: its records, then its artifacts, in one stream.

import type { ImportStudyRequest } from "@sintonia/proto/sintonia/v1/admin";
import { SHA256, STUDY_ID } from "@sintonia/protocol/names";
import { TRANSFER_IDLE_MS, withIdleLimit } from "@sintonia/runtime/grpc/idle-limit";
import type { ServerError } from "nice-grpc-common";
import type { ArtifactKey, ArtifactStore } from "../../../ports/artifact-store.js";
import { RECORD_MAX_BYTES } from "../../../ports/study-log.js";
import type { ImportedArtifact } from "../../../shell/import/checked-import.js";
import type { Coordinator } from "../../../shell/running/coordinator.js";
import { ARTIFACT_MAX_BYTES, requireName } from "../edge/fields.js";
import { clientLeft, invalidField, invalidStream, statusError, transferTimedOut } from "../edge/status.js";

/** The study of an import. */
type Imported = Awaited<ReturnType<Coordinator["importStudy"]>>;

/** What an import needs. */
interface ImportContext {
  readonly coordinator: Coordinator;
  readonly artifacts: Pick<ArtifactStore, "put">;
}

/**
 * Stores a study from a stream.
 *
 * @param signal - aborted when the client has left; the messages then end as if they were complete
 */
export async function importStudy(
  { coordinator, artifacts }: ImportContext,
  parts: AsyncIterable<ImportStudyRequest>,
  signal: AbortSignal,
  idleMs = TRANSFER_IDLE_MS,
): Promise<Imported> {
  const messages = new Messages(
    withIdleLimit(parts, idleMs, () => standstill(idleMs)),
    signal,
  );
  try {
    const header = await messages.take("header");
    if (header === undefined) throw invalidStream("An import begins with a header that names the study.");
    const studyId = requireName(STUDY_ID, header.studyId, "header.study_id");
    const digest = requireName(SHA256, header.lastRecordSha256, "header.last_record_sha256");
    return await coordinator.importStudy({
      studyId,
      digest,
      records: recordsOf(messages),
      artifacts: artifactsOf(messages),
      put: (chunks, key) => artifacts.put(chunks, key),
    });
  } catch (error) {
    throw statusError(error);
  } finally {
    await messages.close();
  }
}

type Part = NonNullable<ImportStudyRequest["part"]>;
type ValueOf<Case extends Part["$case"]> = Extract<Part, { $case: Case }>["value"];

/** The messages of a stream, of which the next one can be looked at. */
class Messages {
  readonly #messages: AsyncGenerator<ImportStudyRequest>;
  readonly #signal: AbortSignal;
  #next: Part | undefined;
  #isOver = false;

  constructor(messages: AsyncGenerator<ImportStudyRequest>, signal: AbortSignal) {
    this.#messages = messages;
    this.#signal = signal;
  }

  /** Takes the next message if it is of a kind; undefined if it is of another one, or missing. */
  async take<Case extends Part["$case"]>(kind: Case): Promise<ValueOf<Case> | undefined> {
    const part = await this.#peek();
    if (part?.$case !== kind) return undefined;
    this.#next = undefined;
    return part.value as never;
  }

  /** Refuses further messages. */
  async requireEnd(): Promise<void> {
    const part = await this.#peek();
    if (part !== undefined) throw invalidStream(`An import cannot go on with a message ${part.$case} here.`);
  }

  async close(): Promise<void> {
    await this.#messages.return(undefined);
  }

  async #peek(): Promise<Part | undefined> {
    if (this.#next !== undefined || this.#isOver) return this.#next;
    const { value, done } = await this.#messages.next();
    if (this.#signal.aborted) throw clientLeft("import");
    this.#isOver = done === true;
    this.#next = done === true ? undefined : value.part;
    if (done !== true && value.part === undefined) throw invalidStream("An import has no empty messages.");
    return this.#next;
  }
}

async function* recordsOf(messages: Messages): AsyncGenerator<Uint8Array> {
  for (;;) {
    const record = await messages.take("record");
    if (record === undefined) return;
    if (record.length > RECORD_MAX_BYTES)
      throw invalidField("record", `received ${record.length} bytes, expected at most ${RECORD_MAX_BYTES}.`);
    yield record;
  }
}

async function* artifactsOf(messages: Messages): AsyncGenerator<ImportedArtifact> {
  for (;;) {
    const artifact = await messages.take("artifact");
    if (artifact === undefined) return await messages.requireEnd();
    const { sizeBytes } = artifact;
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > ARTIFACT_MAX_BYTES)
      throw invalidField("artifact.size_bytes", `received ${sizeBytes}, expected 0 to ${ARTIFACT_MAX_BYTES}.`);
    const key: ArtifactKey = { sha256: requireName(SHA256, artifact.sha256, "artifact.sha256"), sizeBytes };
    yield { key, chunks: chunksOf(messages) };
    // A store that has the artifact reads no chunk.
    for await (const _ of chunksOf(messages));
  }
}

async function* chunksOf(messages: Messages): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = await messages.take("chunk");
    if (chunk === undefined) return;
    yield chunk;
  }
}

function standstill(idleMs: number): ServerError {
  return transferTimedOut(`No part of the import arrived for ${idleMs / 1000} s.`);
}
