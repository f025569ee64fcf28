// The context of traces in gRPC, as the W3C header `traceparent` in the metadata of calls.

import {
  type CallContext,
  ClientError,
  type ClientMiddleware,
  Metadata,
  ServerError,
  type ServerMiddleware,
  Status,
} from "nice-grpc-common";
import { type Clock, systemClock } from "../clock.js";
import type { RecordSpan, Span } from "./span.js";
import { childOf, readTraceparent, TRACEPARENT, type TraceContext, writeTraceparent } from "./trace-context.js";

/** What spans of calls need. */
interface CallTracing {
  readonly record: RecordSpan;
  readonly clock: Clock;
  /** Tells whether the calls of a method have spans, by its path, such as `/pkg.Service/Method`. */
  readonly isTraced: (path: string) => boolean;
}

/** Calls that every epoch or every few seconds bring: their spans would tell nothing. */
const FREQUENT: ReadonlySet<string> = new Set(["Heartbeat", "ReportEpoch", "ReportEpochs", "AppendOutput"]);

/** The calls with spans, and their clock. */
export const TRACED_CALLS: Omit<CallTracing, "record"> = {
  clock: systemClock,
  isTraced: (path) => !FREQUENT.has(path.slice(path.lastIndexOf("/") + 1)),
};

/** Returns a middleware that records a span of each call of a trace, and passes its context on. */
export function clientTracing(
  { record, clock, isTraced }: CallTracing,
  present: () => TraceContext | undefined,
): ClientMiddleware {
  return async function* traced(call, options) {
    const parent = present();
    if (parent === undefined || !isTraced(call.method.path)) return yield* call.next(call.request, options);
    const context = childOf(parent);
    const metadata = Metadata(options.metadata).set(TRACEPARENT, writeTraceparent(context));
    const end = spanOfCall({ record, clock }, call.method.path, { kind: "client", context, parent });
    try {
      const response = yield* call.next(call.request, { ...options, metadata });
      end();
      return response;
    } catch (error) {
      end(error);
      throw error;
    }
  };
}

/** Returns a middleware that records a span of each call whose caller sends a context. */
export function serverTracing({ record, clock, isTraced }: CallTracing): ServerMiddleware {
  return async function* traced(call, context: CallContext) {
    const header = context.metadata.get(TRACEPARENT);
    const parent = header === undefined || !isTraced(call.method.path) ? undefined : readTraceparent(header);
    if (parent === undefined) return yield* call.next(call.request, context);
    const end = spanOfCall({ record, clock }, call.method.path, { kind: "server", context: childOf(parent), parent });
    try {
      const response = yield* call.next(call.request, context);
      end();
      return response;
    } catch (error) {
      end(error);
      throw error;
    }
  };
}

type CallSpan = Pick<Span, "context"> & {
  readonly kind: "client" | "server";
  readonly parent: TraceContext;
};

/** Begins the span of a call. The returned function ends it, with the error of a failed call. */
function spanOfCall(
  { record, clock }: Omit<CallTracing, "isTraced">,
  path: string,
  { kind, context, parent }: CallSpan,
) {
  const [service = "", method = ""] = path.slice(1).split("/");
  const startMs = clock.wallTime().getTime();
  const beganMs = clock.monotonicMs();
  return (error?: unknown): void => {
    const status = error === undefined ? Status.OK : statusOf(error);
    record({
      name: `${service}/${method}`,
      kind,
      context,
      parentSpanId: parent.spanId,
      startMs,
      endMs: startMs + clock.monotonicMs() - beganMs,
      attributes: {
        "rpc.system": "grpc",
        "rpc.service": service,
        "rpc.method": method,
        "rpc.grpc.status_code": status,
      },
      ...(status === Status.OK ? {} : { fault: Status[status] ?? "UNKNOWN" }),
    });
  };
}

function statusOf(error: unknown): Status {
  if (error instanceof ClientError || error instanceof ServerError) return error.code;
  return error instanceof Error && error.name === "AbortError" ? Status.CANCELLED : Status.UNKNOWN;
}
