// Logs of studies in a NATS server, as a loaded coordinator leaves them.

import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { appendRecord, EMPTY_CHAIN } from "@sintonia/coordinator/shell/study/journal";
import { nameOf, STUDY_ID } from "@sintonia/protocol/names";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { loadedStudy, type StudySize } from "./loaded-study.js";

/** Number of studies whose logs are written at the same time. */
const WRITERS = 32;

/** Equal studies. */
export interface LoadedStudies extends StudySize {
  /** Number of the studies, whose ids are loaded-0, loaded-1 and so on. */
  readonly studies: number;
}

/** Writes the logs of studies as the coordinator writes them. */
export async function writeLogs(natsUrl: string, { studies, ...size }: LoadedStudies) {
  const logger = createLogger({ service: "coordinator", instance: "writer", level: "silent" });
  const { signal } = new AbortController();
  const nats = await connectNats({ settings: { natsUrl: parseServers(natsUrl) }, name: "writer", logger });
  await ensureStreams(nats, { names: DEFAULT_NAMES, logger, signal });
  const log = new NatsStudyLog(nats);
  const context = { logger, clock: systemClock, timers: systemTimers, signal, onFault: () => undefined };
  const counts = { records: 0, events: 0 };
  const left = Array.from({ length: studies }, (_, index) => nameOf(STUDY_ID, `loaded-${index}`));
  const writeNext = async (): Promise<void> => {
    for (let studyId = left.pop(); studyId !== undefined; studyId = left.pop()) {
      let head = EMPTY_CHAIN;
      for (const events of loadedStudy(size, studyId)) {
        head = await appendRecord(log, head, { studyId, at: Date.now(), events }, context);
        counts.records += 1;
        counts.events += events.length;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writeNext));
  const { state } = await (await nats.jetstreamManager()).streams.info(DEFAULT_NAMES.events);
  await nats.close();
  return { ...counts, bytes: state.bytes };
}
