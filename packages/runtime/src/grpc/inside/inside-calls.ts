// Calls of a server's services from its own process, as a gateway makes them for its own clients.
// They pass the doors and the middleware that calls from the network pass.

import type { CompatServiceDefinition } from "nice-grpc";
import {
  type CallContext,
  composeServerMiddleware,
  Metadata,
  type MethodDescriptor,
  ServerError,
  type ServerMiddleware,
} from "nice-grpc-common";
import { RichServerError } from "nice-grpc-error-details";
import { STATUS_METADATA, statusDetails } from "../refusal/status-bytes.js";
import { type Doors, type Evidence, judge, metadataOf } from "../security/authentication.js";

/** A call from the process of the server. */
export interface InsideCall {
  /** Path of the method, such as "/sintonia.v1.AdminService/GetStudy". */
  readonly path: string;
  /** The message that the server's first middleware receives. */
  readonly request: unknown;
  readonly evidence: Omit<Evidence, "vouched">;
  /** Network address of the caller. */
  readonly peer: string;
  /** Ends the call. */
  readonly signal: AbortSignal;
}

/**
 * Makes a call of a method with one request. Yields each answer: one, unless the method streams.
 * Throws a ServerError, a RichServerError where the refusal has details.
 */
export type CallInside = (call: InsideCall) => AsyncGenerator<unknown, void, undefined>;

/** The parts of a server that a call passes, the first middleware outermost. */
interface ServerParts {
  readonly doors: Doors;
  readonly middleware: readonly ServerMiddleware[];
  readonly services: readonly { readonly definition: CompatServiceDefinition; readonly implementation: unknown }[];
}

type Handler = (request: unknown, context: CallContext) => Promise<unknown> | AsyncIterable<unknown>;
type Handle = (request: unknown, context: CallContext) => AsyncGenerator<unknown, unknown, undefined>;

/** Returns the caller of a server's services. */
export function insideCaller({ doors, middleware, services }: ServerParts): CallInside {
  const composed = middleware.reduce((outer, inner) => composeServerMiddleware(outer, inner));
  const handles = new Map(services.flatMap((service) => handlesOf(service, composed)));
  return async function* callInside({ path, request, evidence, peer, signal }) {
    const handle = handles.get(path);
    if (handle === undefined) throw new Error(`the server has no method ${path}`);
    const verdict = judge(doors, path, { ...evidence, vouched: undefined });
    if ("refused" in verdict) {
      const { refused, caller } = verdict;
      doors.onRefused({ path, peer, caller, reason: refused.details });
      throw refused;
    }
    const metadata = verdict.known === undefined ? Metadata() : metadataOf(verdict.known);
    const context = { metadata, peer, header: Metadata(), trailer: Metadata(), sendHeader, signal };
    try {
      const answer = yield* handle(request, context);
      if (answer !== undefined) yield answer;
    } catch (error) {
      throw withDetails(error, context.trailer);
    }
  };
}

function sendHeader(): void {
  // Nothing to send: a caller inside the process reads no header.
}

function handlesOf(
  { definition, implementation }: ServerParts["services"][number],
  middleware: ServerMiddleware,
): readonly (readonly [path: string, Handle])[] {
  const handlers = implementation as Readonly<Record<string, Handler>>;
  return Object.entries(definition.methods).map(([key, method]) => {
    const { path, requestStream, responseStream, options } = methodOf(definition, method);
    const descriptor = { path, requestStream, responseStream, options } as MethodDescriptor;
    const next = responseStream
      ? async function* stream(request: unknown, context: CallContext) {
          yield* handlers[key]?.(request, context) as AsyncIterable<unknown>;
        }
      : // biome-ignore lint/correctness/useYield: a middleware's next is a generator in any case.
        async function* answer(request: unknown, context: CallContext) {
          return await (handlers[key]?.(request, context) as Promise<unknown>);
        };
    const handle: Handle = (request, context) =>
      middleware({ method: descriptor, requestStream: false, request, responseStream, next } as never, context);
    return [path, handle] as const;
  });
}

interface Described {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly options: object;
}

/** Returns a method of a definition in the form of ts-proto, with its path. */
function methodOf(definition: CompatServiceDefinition, method: unknown): Described {
  const { fullName } = definition as { readonly fullName: string };
  const described = method as Omit<Described, "path"> & { readonly name: string };
  return { ...described, path: `/${fullName}/${described.name}` };
}

/** Adds the details that a forwarded refusal has in its metadata only. */
function withDetails(error: unknown, trailer: Metadata): unknown {
  const bytes = trailer.get(STATUS_METADATA);
  if (!(error instanceof ServerError) || error instanceof RichServerError) return error;
  if (typeof bytes === "string" || bytes === undefined) return error;
  return new RichServerError(error.code, error.details, [...statusDetails(bytes)]);
}
