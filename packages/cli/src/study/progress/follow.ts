import type { AdminServiceClient, WatchStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import { UserError } from "@sintonia/runtime/errors";
import { ClientError, Status } from "nice-grpc";
import { isOver } from "../trial-state.js";
import { applyUpdate, type ProgressChange, type StudyProgress } from "./progress.js";

/**
 * Status codes after which the connection may come back: the coordinator restarts, or the network
 * failed.
 */
const TRANSIENT: ReadonlySet<Status> = new Set([Status.UNAVAILABLE, Status.UNKNOWN, Status.INTERNAL, Status.CANCELLED]);
/** Status codes among them that may also be a fault of the coordinator's own. */
const FAULTY: ReadonlySet<Status> = new Set([Status.UNKNOWN, Status.INTERNAL]);
/** Duration of a stream that failed at once, in milliseconds. */
const FUTILE_MS = 1_000;
/** Pause before the next connection. */
const PAUSE_MS = 500;

/** The study to follow, and the effects that this needs. */
export interface FollowOptions {
  readonly client: Pick<AdminServiceClient, "watchStudy">;
  readonly studyId: string;
  readonly onChange: (change: ProgressChange) => void;
  /** If aborted, `followStudy` rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Longest absence of the coordinator in milliseconds. A longer one is an error. */
  readonly absenceMaxMs: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Follows a study until it ends. Reconnects when the coordinator was absent.
 *
 * @returns the progress at the study's end
 * @throws {ClientError} if the coordinator refuses the request, or is absent for longer than
 * `absenceMaxMs`
 */
export async function followStudy(options: FollowOptions): Promise<StudyProgress> {
  const { signal, sleep, now, onChange } = options;
  let progress: StudyProgress | undefined;
  let [lastSeen, updates] = [now(), 0];
  const take = (message: WatchStudyResponse): boolean => {
    updates += 1;
    const change = applyUpdate(progress, message);
    progress = change.progress;
    onChange(change);
    return isOver(change.progress.study.state);
  };
  while (true) {
    const started = now();
    updates = 0;
    const absence = await followStream(options, take);
    if (progress !== undefined && isOver(progress.study.state)) return progress;
    signal.throwIfAborted();
    if (isSignOfLife({ absence, updates, ms: now() - started })) lastSeen = now();
    if (now() - lastSeen > options.absenceMaxMs) throw absence ?? new UserError("the coordinator sends no updates");
    await sleep(PAUSE_MS, signal);
  }
}

interface EndedStream {
  /** The error that ended the stream, if one did. */
  readonly absence: Error | undefined;
  /** Updates that the stream gave. */
  readonly updates: number;
  readonly ms: number;
}

/**
 * Tells whether a stream shows that the coordinator works. One that fails with a fault of the
 * coordinator's own right after its first update does not: the next one would fail likewise.
 */
function isSignOfLife({ absence, updates, ms }: EndedStream): boolean {
  const isFaulty = absence instanceof ClientError && FAULTY.has(absence.code);
  return updates > (isFaulty && ms < FUTILE_MS ? 1 : 0);
}

/**
 * Follows one stream. Returns the transient error that ended the stream, undefined if the stream
 * ended in order.
 */
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
    if (isTransient(error)) return error;
    throw error;
  }
}

/** Tells whether the connection may come back after an error. */
export function isTransient(error: unknown): error is ClientError {
  return error instanceof ClientError && TRANSIENT.has(error.code);
}

/**
 * Yields one message for each update: joins the messages of an update whose trials were split over
 * several.
 */
async function* wholeUpdates(messages: AsyncIterable<WatchStudyResponse>): AsyncGenerator<WatchStudyResponse> {
  let parts: WatchStudyResponse[] = [];
  for await (const message of messages) {
    parts.push(message);
    if (message.moreTrials) continue;
    yield { ...message, study: parts[0]?.study, trials: parts.flatMap(({ trials }) => trials) };
    parts = [];
  }
}
