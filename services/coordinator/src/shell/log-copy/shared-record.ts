import type { StudyLog } from "../../ports/study-log.js";

/** The logs of studies, for a reader. */
type Logs = Pick<StudyLog, "studies" | "read">;

/**
 * Tells whether the first record of a study's log is in the copy of that study. Two
 * installations share none: a record has the time of its input.
 *
 * @throws {StoreUnavailableError}
 */
export async function sharesRecord(log: Logs, copies: Logs): Promise<boolean> {
  const copied = new Set(await copies.studies());
  for (const studyId of await log.studies()) {
    if (copied.has(studyId) && (await isFirstCopied(studyId, log, copies))) return true;
  }
  return false;
}

async function isFirstCopied(studyId: string, log: Logs, copies: Logs): Promise<boolean> {
  for await (const { body } of log.read(studyId)) {
    for await (const copy of copies.read(studyId)) if (Buffer.compare(copy.body, body) === 0) return true;
    return false;
  }
  return false;
}
