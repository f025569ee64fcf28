// Calls while no coordinator leads: between the end of a leader and the start of the next one each
// coordinator asks for a repeat.

import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { sleep, systemTimers, type Timers } from "@sintonia/runtime/clock";
import { type CallOptions, Status } from "nice-grpc-common";
import { ErrorInfo, RetryInfo, RichClientError } from "nice-grpc-error-details";

/** Time in ms for which calls are repeated: another coordinator leads within 3 s of a kill. */
const REPEATED_MS = 10_000;

type Call = (request: unknown, options?: CallOptions) => Promise<unknown>;

/**
 * Returns a client that repeats calls with one request and one answer while no coordinator leads,
 * for at most ten seconds. Every call is safe to repeat. Streams are left to their callers.
 */
export function awaitLeader<C extends object>(client: C, timers: Timers = systemTimers): C {
  const unary = Object.entries(AdminServiceDefinition.methods).filter(
    ([, { requestStream, responseStream }]) => !requestStream && !responseStream,
  );
  const calls = client as Readonly<Record<string, Call>>;
  const repeated = unary.map(([name]) => [name, repeat(calls[name] as Call, timers)]);
  return { ...client, ...Object.fromEntries(repeated) };
}

function repeat(call: Call, timers: Timers): Call {
  return async (request, options = {}) => {
    const endMs = timers.monotonicMs() + REPEATED_MS;
    for (;;) {
      try {
        return await call(request, options);
      } catch (error) {
        const waitMs = delayOf(error);
        if (waitMs === undefined || timers.monotonicMs() + waitMs > endMs) throw error;
        await sleep(waitMs, timers, options.signal);
        options.signal?.throwIfAborted();
      }
    }
  };
}

/** Returns the delay in ms that an answer asks for; undefined if the error is final. */
function delayOf(error: unknown): number | undefined {
  if (!(error instanceof RichClientError) || error.code !== Status.UNAVAILABLE) return undefined;
  const details = error.extra;
  const info = details.find((detail): detail is ErrorInfo => detail.$type === ErrorInfo.$type);
  // This coordinator does not forward the caller's calls: a repeat would meet the same answer.
  if (info?.reason === "NOT_LEADING" && info.metadata["leader"] !== undefined) return undefined;
  const delay = details.find((detail): detail is RetryInfo => detail.$type === RetryInfo.$type)?.retryDelay;
  return delay && delay.seconds * 1_000 + delay.nanos / 1e6;
}
