// Lets a follower answer through the leader: a call passes to the leader as it is, with its
// metadata, its cancellation and its messages, and so do the answers and the status.

import { eitherOf } from "@sintonia/runtime/either-signal";
import { connectionFault } from "@sintonia/runtime/grpc/connection-fault";
import { ANSWERED_METADATA, LEADER_METADATA } from "@sintonia/runtime/grpc/leader-metadata";
import type { CallerContext } from "@sintonia/runtime/grpc/security/authentication";
import {
  type CallContext,
  ClientError,
  type Metadata,
  ServerError,
  type ServerMiddleware,
  type ServerMiddlewareCall,
  Status,
} from "nice-grpc-common";
import type { Standing } from "../../../shell/leadership/leading.js";
import { isLed, leadershipLost, unavailable } from "../edge/leader-gate.js";
import { forwardedMetadata, isForwarded, originOf, passOn } from "./forwarded-metadata.js";
import type { LeaderLink } from "./leader-link.js";

/** The codes with which gRPC itself ends a call whose connection breaks. */
const OF_BROKEN_CONNECTION: readonly Status[] = [Status.UNAVAILABLE, Status.CANCELLED, Status.INTERNAL, Status.UNKNOWN];

/** Returns a middleware that forwards calls while another coordinator leads. */
export function forwardCalls(standing: () => Standing, link: LeaderLink): ServerMiddleware<object, CallerContext> {
  return async function* forward<Request, Response>(
    call: ServerMiddlewareCall<Request, Response, CallerContext>,
    context: CallContext & CallerContext,
  ) {
    if (!isLed(call.method.path)) return yield* call.next(call.request, context);
    if (isForwarded(context.metadata)) {
      context.trailer.set(ANSWERED_METADATA, "true");
      return yield* call.next(call.request, { ...context, ...originOf(context) });
    }
    const present = standing();
    const leader = present.kind === "following" ? present.leader : undefined;
    // A leader would not know the caller: the client turns to the leader, whose address it gets.
    const isUnknown = context.hasCertificate === true && !link.mayVouch;
    if (leader === undefined || isUnknown) return yield* call.next(call.request, context);
    return yield* forwardedCall({ link, leader }, call, context);
  };
}

interface Route {
  readonly link: LeaderLink;
  readonly leader: string;
}

async function* forwardedCall<Request, Response>(
  { link, leader }: Route,
  call: ServerMiddlewareCall<Request, Response, CallerContext>,
  context: CallContext & CallerContext,
): AsyncGenerator<Awaited<Response>, Awaited<Response> | undefined, undefined> {
  const { send, ends } = link.callTo(leader, call.method.path);
  const { signal, release } = eitherOf(context.signal, ends);
  let trailer: Metadata | undefined;
  const onTrailer = (received: Metadata): void => {
    trailer = received;
    passOn(received, context.trailer);
  };
  const onHeader = (received: Metadata): void => passOn(received, context.header);
  try {
    const answers = send(call.request, { metadata: forwardedMetadata(context), signal, onHeader, onTrailer });
    if (!call.responseStream) return (await answers) as Awaited<Response>;
    yield* answers as AsyncIterable<Awaited<Response>>;
    return undefined;
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (ends.aborted) throw leadershipLost();
    throw statusOf(error, { leader, trailer, context });
  } finally {
    release();
  }
}

/** Returns the status that the leader has sent, or that of a leader that cannot be reached. */
function statusOf(
  error: unknown,
  { leader, trailer, context }: { leader: string; trailer: Metadata | undefined; context: CallContext },
): unknown {
  if (!(error instanceof ClientError)) return error;
  const isAnswer = trailer?.has(ANSWERED_METADATA) === true || !OF_BROKEN_CONNECTION.includes(error.code);
  if (isAnswer) return new ServerError(error.code, error.details);
  context.trailer.set(LEADER_METADATA, leader);
  const { reason } = connectionFault(error.details);
  return unavailable(`The leader at ${leader} does not answer (${reason}).`, "LEADER_UNREACHABLE", { leader });
}
