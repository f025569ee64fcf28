// Logs that tests write, and their states by hash.

import { createHash } from "node:crypto";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import type { RecordedStep } from "../../core/random-study.fixture.js";
import type { Study } from "../../core/state/study.js";
import type { StudyLog } from "../../ports/study-log.js";
import { appendRecord, type ChainHead, EMPTY_CHAIN } from "../study/journal.js";

export const STUDY = "study";

/** Appends records to a log, and returns its end. */
export async function writeRecords(
  log: StudyLog,
  records: readonly RecordedStep[],
  from: ChainHead = EMPTY_CHAIN,
): Promise<ChainHead> {
  const logger = createLogger({ service: "c", instance: "t", level: "silent" });
  const { signal } = new AbortController();
  const context = { logger, signal, clock: systemClock, timers: systemTimers, onFault: () => undefined };
  let head = from;
  for (const record of records) head = await appendRecord(log, head, { studyId: STUDY, ...record }, context);
  return head;
}

/** Returns the SHA-256 of a state's JSON. */
export function hashOf(study: Study): string {
  return createHash("sha256").update(JSON.stringify(study)).digest("hex");
}
