// The events of a study as they happen. The study's changes tell when its log has grown, and the
// log is then read again.

import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { type FollowOptions, followStudy, isTransient } from "../progress/follow.js";
import { type EventFilter, type LoggedEvent, readEvents } from "./read-events.js";

/** Shortest time between two readings of the log, in milliseconds. */
const PAUSE_MIN_MS = 1_000;
/** Longest time between two readings, which bounds how late an event is told. */
const PAUSE_MAX_MS = 10_000;
/** Pause after a reading as a multiple of its duration, so that long logs are rarely read. */
const PAUSE_PER_READING = 10;

/** Reads those events of a study that it has not given before. */
export class NewEvents {
  #lastRecord = 0;

  /** Yields the events that were stored since the last reading, oldest first. */
  async *read(
    client: Pick<AdminServiceClient, "readStudyLog">,
    studyId: string,
    filter: EventFilter,
  ): AsyncGenerator<LoggedEvent> {
    const since = this.#lastRecord;
    for await (const event of readEvents(client, studyId, filter)) {
      if (event.record <= since) continue;
      this.#lastRecord = event.record;
      yield event;
    }
  }
}

/** The study to follow, and what receives its events. */
export interface EventFollowing extends Omit<FollowOptions, "onChange"> {
  readonly client: Pick<AdminServiceClient, "readStudyLog" | "watchStudy">;
  /** Reads the events that are new, and passes them on. */
  readonly tellNew: () => Promise<void>;
}

/**
 * Tells the new events of a study after each change, until the study has ended. The last events
 * may not be told yet: the caller reads once more.
 *
 * @throws {ClientError} as `followStudy`
 */
export async function followEvents({ tellNew, ...options }: EventFollowing): Promise<void> {
  const { now, signal, sleep } = options;
  let [hasChanged, hasEnded] = [true, false];
  let wake = (): void => {};
  const onChange = (): void => {
    hasChanged = true;
    wake();
  };
  const ended = new AbortController();
  const end = followStudy({ ...options, onChange }).finally(() => {
    hasEnded = true;
    ended.abort();
    wake();
  });
  // Awaited below, and not unhandled until then.
  end.catch(() => {});
  while (!hasEnded && !signal.aborted) {
    if (hasChanged) {
      hasChanged = false;
      const startMs = now();
      await tellNew().catch(unlessTransient);
      await sleep(pauseAfter(now() - startMs), ended.signal);
    } else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
  await end;
}

function pauseAfter(readingMs: number): number {
  return Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, PAUSE_PER_READING * readingMs));
}

/** Passes over the absence of the coordinator, which `followStudy` bounds. */
function unlessTransient(error: unknown): void {
  if (!isTransient(error)) throw error;
}
