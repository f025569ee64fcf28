// A client whose server is in the same process. Messages pass through their encoding, so that the
// answers equal those of a connection; nothing passes through a socket.

import type { Caller } from "@sintonia/protocol/caller";
import { type CallContext, ClientError, Metadata, ServerError, Status } from "nice-grpc-common";
import { RichClientError, RichServerError } from "nice-grpc-error-details";
import type { CallerContext } from "./security/authentication.js";

/** The encoding of one message, as ts-proto generates it. */
interface MessageType {
  fromPartial(message: unknown): unknown;
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

interface Method {
  readonly name: string;
  readonly requestType: unknown;
  readonly responseType: unknown;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** A service definition, as ts-proto generates it. */
interface Definition {
  readonly fullName: string;
  readonly methods: Readonly<Record<string, Method>>;
}

interface CallOptions {
  readonly signal?: AbortSignal;
  /** Receives the metadata at the end of the call. */
  readonly onTrailer?: (trailer: Metadata) => void;
}

/** A process may do everything with what it has opened itself. */
const THIS_PROCESS: Caller = { name: "this-process", role: "operator" };

type Handler = (request: unknown, context: CallContext) => unknown;

/**
 * Creates a client of an implementation in this process.
 *
 * @param implementation - handlers of the definition's calls; a call without a handler fails as
 *   UNIMPLEMENTED
 * @param caller - the caller of every call
 * @returns the client that ts-proto generates for the definition
 */
export function inProcessClient<Client>(
  definition: Definition,
  implementation: object,
  caller: Caller = THIS_PROCESS,
): Client {
  const handlers = implementation as Readonly<Record<string, Handler | undefined>>;
  const calls = Object.entries(definition.methods).map(([key, method]) => {
    const path = `/${definition.fullName}/${method.name}`;
    const call = { path, method, handler: handlers[key] ?? unimplemented(method.name), caller };
    return [key, method.responseStream ? streamCall(call) : unaryCall(call)];
  });
  return Object.fromEntries(calls) as Client;
}

interface Call {
  readonly path: string;
  readonly method: Method;
  readonly handler: Handler;
  readonly caller: Caller;
}

function unaryCall({ path, method, handler, caller }: Call) {
  return async (request: unknown, options: CallOptions = {}): Promise<unknown> => {
    const context = contextOf(options, caller);
    try {
      return transfer(method.responseType, await handler(received(method, request), context));
    } catch (error) {
      throw clientError(path, error);
    } finally {
      options.onTrailer?.(context.trailer);
    }
  };
}

function streamCall({ path, method, handler, caller }: Call) {
  return async function* (request: unknown, options: CallOptions = {}): AsyncGenerator<unknown> {
    const context = contextOf(options, caller);
    try {
      const answers = handler(received(method, request), context);
      for await (const answer of answers as AsyncIterable<unknown>) yield transfer(method.responseType, answer);
    } catch (error) {
      throw clientError(path, error);
    } finally {
      options.onTrailer?.(context.trailer);
    }
  };
}

function unimplemented(name: string): Handler {
  return () => {
    throw new ServerError(Status.UNIMPLEMENTED, `The call ${name} is not available here.`);
  };
}

/** Returns what the handler receives: one message, or a stream of them. */
function received({ requestType, requestStream }: Method, request: unknown): unknown {
  return requestStream
    ? receivedStream(requestType, request as AsyncIterable<unknown>)
    : transfer(requestType, request);
}

async function* receivedStream(type: unknown, requests: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  for await (const request of requests) yield transfer(type, request);
}

/** Encodes and decodes a message, so that missing fields get their defaults. */
function transfer(type: unknown, message: unknown): unknown {
  const { fromPartial, encode, decode } = type as MessageType;
  return decode(encode(fromPartial(message)).finish());
}

function contextOf(
  { signal = new AbortController().signal }: CallOptions,
  caller: Caller,
): CallContext & CallerContext {
  const [metadata, header, trailer] = [Metadata(), Metadata(), Metadata()];
  return { metadata, peer: "in-process", header, trailer, sendHeader, signal, caller };
}

function sendHeader(): void {
  // Nothing to send: the caller has no headers.
}

function clientError(path: string, error: unknown): unknown {
  if (!(error instanceof ServerError)) return error;
  const { code, details } = error;
  return error instanceof RichServerError
    ? new RichClientError(path, code, details, error.extra)
    : new ClientError(path, code, details);
}
