// A client whose server is in the same process. Messages pass through their encoding, so that the
// answers equal those of a connection; nothing passes through a socket.

import { type CallContext, ClientError, Metadata, ServerError, Status } from "nice-grpc-common";

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
}

type Handler = (request: unknown, context: CallContext) => unknown;

/**
 * Creates a client of an implementation in this process.
 *
 * @param implementation - handlers of the definition's calls with a single request; a call without
 *   a handler fails as UNIMPLEMENTED
 * @returns the client that ts-proto generates for the definition
 */
export function inProcessClient<Client>(definition: Definition, implementation: object): Client {
  const handlers = implementation as Readonly<Record<string, Handler | undefined>>;
  const calls = Object.entries(definition.methods).map(([key, method]) => {
    const path = `/${definition.fullName}/${method.name}`;
    const call = { path, method, handler: handlers[key] ?? unimplemented(method.name) };
    return [key, method.responseStream ? streamCall(call) : unaryCall(call)];
  });
  return Object.fromEntries(calls) as Client;
}

interface Call {
  readonly path: string;
  readonly method: Method;
  readonly handler: Handler;
}

function unaryCall({ path, method, handler }: Call) {
  return async (request: unknown, options: CallOptions = {}): Promise<unknown> => {
    try {
      return transfer(method.responseType, await handler(transfer(method.requestType, request), contextOf(options)));
    } catch (error) {
      throw clientError(path, error);
    }
  };
}

function streamCall({ path, method, handler }: Call) {
  return async function* (request: unknown, options: CallOptions = {}): AsyncGenerator<unknown> {
    try {
      const answers = handler(transfer(method.requestType, request), contextOf(options));
      for await (const answer of answers as AsyncIterable<unknown>) yield transfer(method.responseType, answer);
    } catch (error) {
      throw clientError(path, error);
    }
  };
}

function unimplemented(name: string): Handler {
  return () => {
    throw new ServerError(Status.UNIMPLEMENTED, `The call ${name} is not available here.`);
  };
}

/** Encodes and decodes a message, so that missing fields get their defaults. */
function transfer(type: unknown, message: unknown): unknown {
  const { fromPartial, encode, decode } = type as MessageType;
  return decode(encode(fromPartial(message)).finish());
}

function contextOf({ signal = new AbortController().signal }: CallOptions): CallContext {
  return { metadata: Metadata(), peer: "in-process", header: Metadata(), trailer: Metadata(), sendHeader, signal };
}

function sendHeader(): void {
  // Nothing to send: the caller has no headers.
}

function clientError(path: string, error: unknown): unknown {
  return error instanceof ServerError ? new ClientError(path, error.code, error.details) : error;
}
