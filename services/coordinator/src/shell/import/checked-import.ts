// The import of an ended study. Its records become the copy of a log first: the log then gets them
// from the copy, as after a loss, so that a crash leaves either nothing or a whole study.

import type { StudyId } from "@sintonia/protocol/names";
import { messageOf } from "@sintonia/runtime/errors";
import { namedArtifacts } from "../../core/query/named-content.js";
import { Evolution } from "../../core/state/evolve.js";
import { isOver, type Study } from "../../core/state/study.js";
import { type ArtifactKey, ArtifactMismatchError } from "../../ports/artifact-store.js";
import { DamagedLogError, readRecords } from "../study/journal.js";
import { deletesStudy } from "../study/tombstone.js";

/** Another study has the id of the one to import. */
export class StudyExistsError extends Error {
  override readonly name = "StudyExistsError";

  constructor(studyId: string) {
    super(`Study ${studyId} exists with another log. Delete it first, if the imported one is to take its place.`);
  }
}

/** A study to import has not ended. */
export class OpenStudyError extends Error {
  override readonly name = "OpenStudyError";

  constructor(studyId: string) {
    super(`Study ${studyId} had not ended when it was exported; only ended studies can be imported.`);
  }
}

/** An artifact that arrives with a study. */
export interface ImportedArtifact {
  readonly key: ArtifactKey;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A study that arrives. */
export interface StudyImport {
  readonly studyId: StudyId;
  /** SHA-256 of the last record. */
  readonly digest: string;
  readonly records: AsyncIterable<Uint8Array>;
  /** The artifacts, which follow the records. */
  readonly artifacts: AsyncIterable<ImportedArtifact>;
  /** Stores an artifact durably. */
  readonly put: (chunks: AsyncIterable<Uint8Array>, key: ArtifactKey) => Promise<void>;
}

/**
 * Passes on the records of an import, and stores its artifacts after the last one.
 *
 * @throws {DamagedLogError} if the records are no whole log of the study
 * @throws {OpenStudyError}
 * @throws {ArtifactMismatchError} if an artifact is damaged, or not one of the study
 */
export async function* checkedImport({
  studyId,
  digest,
  records,
  artifacts,
  put,
}: StudyImport): AsyncGenerator<Uint8Array> {
  const evolution = new Evolution(undefined);
  let body: Uint8Array = Buffer.alloc(0);
  let last = "";
  async function* read() {
    let revision = 0;
    for await (body of records) yield { revision: ++revision, body };
  }
  for await (const { record, head } of readRecords({ read }, studyId)) {
    if (deletesStudy(record.events)) throw new DamagedLogError(`The log of study ${studyId} ends with its deletion.`);
    evolve(evolution, record, studyId);
    last = head.digest;
    yield body;
  }
  const study = evolution.take();
  if (study === undefined || last !== digest) throw new DamagedLogError(`The log of study ${studyId} is not complete.`);
  if (!isOver(study)) throw new OpenStudyError(studyId);
  await storeArtifacts(study, artifacts, put);
}

function evolve(
  evolution: Evolution,
  { events, at }: { readonly events: readonly Parameters<Evolution["apply"]>[0][]; readonly at: number },
  studyId: string,
): void {
  try {
    for (const event of events) evolution.apply(event, at);
  } catch (error) {
    throw new DamagedLogError(`The log of study ${studyId} contradicts itself: ${messageOf(error)}`);
  }
}

async function storeArtifacts(
  study: Study,
  artifacts: StudyImport["artifacts"],
  put: StudyImport["put"],
): Promise<void> {
  const named = new Map(namedArtifacts(study).map(({ sha256, sizeBytes }) => [sha256, sizeBytes]));
  for await (const { key, chunks } of artifacts) {
    if (named.get(key.sha256) !== key.sizeBytes)
      throw new ArtifactMismatchError(`artifact ${key.sha256} of ${key.sizeBytes} bytes is none of study ${study.id}`);
    await put(chunks, key);
  }
}
