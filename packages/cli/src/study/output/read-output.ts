import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { ClientError, Status } from "nice-grpc-common";

/**
 * Status codes after which the connection may come back: the coordinator restarts, or the network
 * failed.
 */
const TRANSIENT: ReadonlySet<Status> = new Set([Status.UNAVAILABLE, Status.UNKNOWN, Status.INTERNAL, Status.CANCELLED]);
/** Time in ms for which a stream without output must last to show that the coordinator works. */
const SIGN_OF_LIFE_MS = 1_000;
/** Pause before the next connection, in ms. */
const PAUSE_MS = 500;
/** Time limit in ms of a reading that follows nothing. */
const READING_MS = 60_000;

/** The output to read, and the effects that following it needs. */
export interface OutputRequest {
  readonly client: Pick<AdminServiceClient, "readOutput">;
  readonly studyId: string;
  readonly trialId: string;
  /** @default the newest attempt that has output, or the present one of a trial that is followed */
  readonly attempt?: number | undefined;
  /** True to wait for more output until the attempt ends. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** Longest absence of the coordinator in ms while the output is followed. */
  readonly absenceMaxMs: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
}

/** A part of an output. The first one may be empty. */
export interface OutputPiece {
  readonly attempt: number;
  /** Number of bytes before the piece that the coordinator does not have. */
  readonly missingBytes: number;
  /** Number of bytes of the output before the piece. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The place that a reader has reached. */
interface Place {
  readonly attempt: number;
  readonly offset: number;
}

/**
 * Yields the output of an attempt, of which the coordinator keeps the oldest and the newest part.
 * While it follows, it reconnects when the coordinator was absent.
 *
 * @throws {ClientError} if the coordinator refuses the request or is absent for too long
 * @throws the signal's reason if it is aborted
 */
export async function* readOutput(request: OutputRequest): AsyncGenerator<OutputPiece> {
  const { signal, sleep, now, absenceMaxMs } = request;
  let place: Place = { attempt: request.attempt ?? 0, offset: 0 };
  for (let lastSeen = now(); ; ) {
    const started = now();
    try {
      for await (const piece of piecesFrom(request, place)) {
        yield piece;
        place = { attempt: piece.attempt, offset: piece.offset + piece.bytes.length };
        if (piece.bytes.length > 0) lastSeen = now();
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (now() - started > SIGN_OF_LIFE_MS) lastSeen = now();
      if (!request.follow || !isTransient(error) || now() - lastSeen > absenceMaxMs) throw error;
    }
    await sleep(PAUSE_MS, signal);
  }
}

async function* piecesFrom(
  { client, studyId, trialId, follow, signal }: OutputRequest,
  { attempt, offset: from }: Place,
): AsyncGenerator<OutputPiece> {
  const options = follow ? { signal } : { signal, deadline: READING_MS };
  let end = from;
  for await (const answer of client.readOutput({ studyId, trialId, attempt, offset: from, follow }, options)) {
    const { offset, chunk: bytes } = answer;
    yield { attempt: answer.attempt, missingBytes: offset - end, offset, bytes };
    end = offset + bytes.length;
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof ClientError && TRANSIENT.has(error.code);
}
