// Overload on the wire: a coordinator that has no room for a call says after which time the caller
// shall repeat it. The key and its value are those of gRPC's own retries.

import type { DeadlineOptions } from "nice-grpc-client-middleware-deadline";
import {
  type CallContext,
  ClientError,
  type ClientMiddleware,
  type Metadata,
  type ServerMiddleware,
  Status,
} from "nice-grpc-common";
import { ErrorInfo, RetryInfo, RichClientError, RichServerError } from "nice-grpc-error-details";
import { sleep, systemTimers, type Timers } from "../clock.js";
import { DOMAIN } from "./refusal/refusal.js";

/** Key of the metadata with the delay in milliseconds, sent with RESOURCE_EXHAUSTED. */
export const PUSHBACK_METADATA = "grpc-retry-pushback-ms";

/** Time for which calls without a deadline are repeated, in milliseconds. */
const REPEATED_MS = 10_000;

/** A refusal for lack of room, which passes. */
export class OverloadStatus extends RichServerError {
  readonly retryAfterMs: number;

  constructor(details: string, retryAfterMs: number) {
    const retryDelay = {
      seconds: Math.floor(retryAfterMs / 1_000),
      nanos: Math.round((retryAfterMs % 1_000) * 1_000_000),
    };
    const reason = ErrorInfo.fromPartial({ reason: "OVERLOADED", domain: DOMAIN });
    super(Status.RESOURCE_EXHAUSTED, details, [reason, RetryInfo.fromPartial({ retryDelay })]);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The server had no room for a call, again and again. Any other RESOURCE_EXHAUSTED is final. */
export class OverloadError extends RichClientError {
  constructor(path: string, code: Status, message: string, details: RichClientError["extra"] = []) {
    super(path, code, message, details);
  }
}

/** Adds the delay of an OverloadStatus to the metadata of the answer. */
export const sendPushback: ServerMiddleware = async function* sendPushback(call, context: CallContext) {
  try {
    return yield* call.next(call.request, context);
  } catch (error) {
    if (error instanceof OverloadStatus) context.trailer.set(PUSHBACK_METADATA, String(error.retryAfterMs));
    throw error;
  }
};

/**
 * Returns a middleware that repeats a call with one request and one answer after the delay that the
 * server asks, for at most the time of its deadline. Each delay is multiplied by a random factor in
 * [1, 2), so that callers do not return all at once. Every call is safe to repeat, and a refused
 * one had no effect. The call fails with an OverloadError if the server has no room for so long, or
 * if the call streams.
 */
export function honourPushback(timers: Timers = systemTimers): ClientMiddleware<DeadlineOptions> {
  return async function* repeatLater(call, options) {
    const { deadline, signal } = options;
    const endMs = timers.monotonicMs() + (typeof deadline === "number" ? deadline : REPEATED_MS);
    for (;;) {
      let trailer: Metadata | undefined;
      const onTrailer = (received: Metadata): void => {
        trailer = received;
        options.onTrailer?.(received);
      };
      try {
        return yield* call.next(call.request as never, { ...options, onTrailer });
      } catch (error) {
        const retryAfterMs = pushbackOf(error, trailer);
        if (retryAfterMs === undefined) throw error;
        const waitMs = retryAfterMs * (1 + timers.random());
        if (call.requestStream || call.responseStream || timers.monotonicMs() + waitMs > endMs) {
          throw overloadError(error as ClientError);
        }
        await sleep(waitMs, timers, signal);
        signal?.throwIfAborted();
      }
    }
  };
}

function overloadError(error: ClientError): OverloadError {
  const { path, code, details } = error;
  return new OverloadError(path, code, details, error instanceof RichClientError ? error.extra : []);
}

/** Returns the delay that a refusal asks, in milliseconds; undefined if the refusal is final. */
function pushbackOf(error: unknown, trailer: Metadata | undefined): number | undefined {
  if (!(error instanceof ClientError) || error.code !== Status.RESOURCE_EXHAUSTED) return undefined;
  const text = trailer?.get(PUSHBACK_METADATA)?.toString() ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
