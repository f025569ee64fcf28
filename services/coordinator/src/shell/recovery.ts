import { evolveAll } from "../core/state/evolve.js";
import type { Study } from "../core/state/study.js";
import type { StudyLog } from "../ports/study-log.js";
import { type ChainHead, DamagedLogError, EMPTY_CHAIN, readRecords } from "./study/journal.js";

/** A study as its log tells it. */
export interface ReplayedStudy {
  readonly study: Study;
  readonly head: ChainHead;
}

/**
 * Rebuilds a study from its log.
 *
 * @throws {DamagedLogError} if the log is empty, has a gap, or was changed
 */
export async function replay(log: StudyLog, studyId: string): Promise<ReplayedStudy> {
  let study: Study | undefined;
  let head = EMPTY_CHAIN;
  for await (const entry of readRecords(log, studyId)) {
    study = evolveAll(study, entry.record.events, entry.record.at);
    head = entry.head;
  }
  if (study === undefined) throw new DamagedLogError(`The log of study ${studyId} is empty.`);
  return { study, head };
}
