// Lets only the leader answer. A coordinator answers UNAVAILABLE, to read-only calls too, if it
// still reads the logs or cannot confirm its leadership. So does a follower to a call that it may
// not forward.

import { LEADER_METADATA, UNCONFIRMED_METADATA } from "@sintonia/runtime/grpc/leader-metadata";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import {
  type CallContext,
  type ServerError,
  type ServerMiddleware,
  type ServerMiddlewareCall,
  Status,
} from "nice-grpc-common";
import { RetryInfo } from "nice-grpc-error-details";
import type { Standing } from "../../../shell/leadership/leading.js";

/** Paths of the services that only the leader serves. Health and reflection are not among them. */
const LED_PATH = /^\/sintonia\.v1\./;

/** Tells whether only the leader answers a call. */
export function isLed(path: string): boolean {
  return LED_PATH.test(path);
}

/** Why a coordinator does not answer, for programs. */
const REASONS = {
  following: "NOT_LEADING",
  unconfirmed: "LEADERSHIP_UNCONFIRMED",
  "reading-logs": "STARTING",
} as const satisfies Readonly<Record<Exclude<Standing["kind"], "serving">, string>>;

/**
 * Returns a middleware that refuses calls unless the coordinator serves: before the call, and again
 * before each answer, because the process may have been suspended meanwhile. An answer belongs to
 * the term of its call: a later one knows nothing of it.
 */
export function leaderGate(standing: () => Standing): ServerMiddleware {
  return async function* passLeader<Request, Response>(
    call: ServerMiddlewareCall<Request, Response>,
    context: CallContext,
  ) {
    if (!isLed(call.method.path)) return yield* call.next(call.request, context);
    const ends = servingSignal(standing(), context);
    const check = (): void => {
      servingSignal(standing(), context);
      if (ends.aborted) throw leadershipLost();
    };
    try {
      if (!call.responseStream) {
        const response = yield* call.next(call.request, context);
        check();
        return response;
      }
      const signal = AbortSignal.any([context.signal, ends]);
      for await (const response of call.next(call.request, { ...context, signal })) {
        check();
        yield response;
      }
    } catch (error) {
      // An error is an answer too: an outdated coordinator must not say that something is missing.
      check();
      throw error;
    }
    check();
  };
}

function servingSignal(standing: Standing, context: CallContext): AbortSignal {
  if (standing.kind === "serving") return standing.signal;
  if (standing.kind === "following" && standing.leader !== undefined) {
    context.trailer.set(LEADER_METADATA, standing.leader);
  }
  if (standing.kind === "unconfirmed") context.trailer.set(UNCONFIRMED_METADATA, "true");
  const facts: Record<string, string> = "leader" in standing && standing.leader ? { leader: standing.leader } : {};
  throw unavailable(explain(standing), REASONS[standing.kind], facts);
}

/** Time after which a caller may repeat a call that no leader answered: that of a renewal. */
const RETRY_AFTER = { seconds: 1, nanos: 0 };

/** Returns UNAVAILABLE for a call that no leader answers, with the time of a repeat. */
export function unavailable(
  message: string,
  reason: string,
  facts: Readonly<Record<string, string>> = {},
): ServerError {
  const further = [RetryInfo.fromPartial({ retryDelay: RETRY_AFTER })];
  return refusal(Status.UNAVAILABLE, message, { reason, facts, further });
}

/** Returns UNAVAILABLE for a call that belongs to a term that is over. */
export function leadershipLost(): ServerError {
  return unavailable("The leadership changed during the call.", "LEADERSHIP_LOST");
}

function explain(standing: Exclude<Standing, { kind: "serving" }>): string {
  switch (standing.kind) {
    case "reading-logs":
      return "The coordinator leads and still reads the study logs.";
    case "unconfirmed":
      return "The coordinator cannot confirm that it leads: NATS does not answer, or the process was suspended.";
    case "following":
      return standing.leader === undefined
        ? "The coordinator does not lead, and no leader is known yet."
        : `The coordinator does not lead. The leader is at ${standing.leader}.`;
  }
}
