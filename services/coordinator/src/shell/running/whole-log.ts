import { type Revision, type StoredRecord, StoreUnavailableError } from "../../ports/study-log.js";

/**
 * Passes on the records of a log, and checks that they reach the last one that this process knows:
 * an export without the end of its study could not be imported.
 *
 * @param onLost - called if the store has lost the last record
 * @throws {StoreUnavailableError} after the last record, if the store has lost a later one
 */
export async function* wholeLog(
  records: AsyncIterable<StoredRecord>,
  known: { readonly studyId: string; readonly revision: Revision },
  onLost: () => void,
): AsyncGenerator<StoredRecord> {
  let last = 0;
  for await (const record of records) {
    last = record.revision;
    yield record;
  }
  if (last >= known.revision) return;
  onLost();
  throw new StoreUnavailableError(`NATS has lost the newest records of study ${known.studyId}. They are restored now.`);
}
