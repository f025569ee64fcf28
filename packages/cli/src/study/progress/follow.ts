import type { AdminServiceClient, WatchStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import { ClientError, Status } from "nice-grpc";
import { isOver } from "../trial-state.js";
import { applyUpdate, type ProgressChange, type StudyProgress } from "./progress.js";

/** The connection may come back: the coordinator is being started again, or the line was cut. */
const PASSING: ReadonlySet<Status> = new Set([Status.UNAVAILABLE, Status.UNKNOWN, Status.INTERNAL, Status.CANCELLED]);
const PAUSE_MS = 500;

export interface FollowOptions {
  readonly client: Pick<AdminServiceClient, "watchStudy">;
  readonly studyId: string;
  readonly onChange: (change: ProgressChange) => void;
  /** Ends the following, with the signal's reason as the error. */
  readonly signal: AbortSignal;
  /** How long the coordinator may be away before its absence is an error, in milliseconds. */
  readonly absenceMaxMs: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Follows a study until it is over, through absences of the coordinator.
 *
 * @returns the study as it ended
 * @throws {ClientError} if the coordinator refuses or stays away
 */
export async function followStudy(options: FollowOptions): Promise<StudyProgress> {
  const { signal, sleep, now, onChange } = options;
  let progress: StudyProgress | undefined;
  let lastSeen = now();
  const take = (message: WatchStudyResponse): boolean => {
    lastSeen = now();
    const change = applyUpdate(progress, message);
    progress = change.progress;
    onChange(change);
    return isOver(change.progress.study.state);
  };
  while (true) {
    const absence = await followStream(options, take);
    if (progress !== undefined && isOver(progress.study.state)) return progress;
    signal.throwIfAborted();
    if (absence !== undefined && now() - lastSeen > options.absenceMaxMs) throw absence;
    await sleep(PAUSE_MS, signal);
  }
}

/** @returns why the stream ended too early, if it was not for good; undefined if the coordinator ended it in order */
async function followStream(
  { client, studyId, signal }: FollowOptions,
  take: (message: WatchStudyResponse) => boolean,
): Promise<Error | undefined> {
  try {
    for await (const update of wholeUpdates(client.watchStudy({ studyId }, { signal }))) {
      if (take(update)) break;
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClientError && PASSING.has(error.code)) return error;
    throw error;
  }
}

/** One message for each update, also where its trials came in several. */
async function* wholeUpdates(messages: AsyncIterable<WatchStudyResponse>): AsyncGenerator<WatchStudyResponse> {
  let parts: WatchStudyResponse[] = [];
  for await (const message of messages) {
    parts.push(message);
    if (message.moreTrials) continue;
    yield { ...message, study: parts[0]?.study, trials: parts.flatMap(({ trials }) => trials) };
    parts = [];
  }
}
