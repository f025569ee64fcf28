// gRPC clients whose calls pass through simulated connections, behind the middleware of the
// product's clients.

import { followLeader } from "@sintonia/runtime/grpc/following-client";
import { honourPushback } from "@sintonia/runtime/grpc/pushback";
import { ClientError, type ClientMiddleware, type Metadata } from "nice-grpc-common";
import { returned } from "./middleware.js";
import type { Connections } from "./network.js";
import { RepeatCheck } from "./overload.js";
import { collected } from "./streams.js";

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly deadline?: number;
  readonly onTrailer?: (trailer: Metadata) => void;
}

type Definition = Parameters<typeof followLeader>[0];

type Streamed = AsyncIterable<unknown> | Iterable<unknown>;

interface Method {
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** Deadline of a call in milliseconds. */
const DEADLINE_MS = 4_000;

/**
 * Creates a client as the product does: it follows the leader among the coordinators of some
 * addresses.
 *
 * @param connect - returns the connections to an address
 */
export function serviceClient<Client>(
  definition: Definition,
  addresses: readonly string[],
  connect: (address: string) => Connections,
): Client {
  const members = addresses.map((address) => {
    const client = memberClient(definition, connect(address));
    return { address, client, close: () => undefined };
  });
  return followLeader(definition, members).client as Client;
}

/**
 * Creates the client of one coordinator. A streamed request or answer travels as one list; in a
 * call that streams both, each request travels alone.
 */
function memberClient({ methods }: Definition, connections: Connections): object {
  const middleware = honourPushback(connections.timers) as ClientMiddleware;
  const calls = Object.entries(methods).map(([name, method]) => {
    const call = async (request: unknown, options: CallOptions = {}): Promise<unknown> => {
      const sent = method.requestStream ? await collected(request as Streamed) : request;
      const next = sending(connections, name);
      return await returned(middleware({ ...descriptionOf(method), request: sent, next } as never, options));
    };
    const stream = async function* (request: unknown, options?: CallOptions): AsyncGenerator<unknown> {
      yield* (await call(request, options)) as unknown[];
    };
    const exchange = async function* (requests: unknown, options?: CallOptions): AsyncGenerator<unknown> {
      for await (const request of requests as AsyncIterable<unknown>) yield* stream([request], options);
    };
    if (method.requestStream && method.responseStream) return [name, exchange];
    return [name, method.responseStream ? stream : call];
  });
  return Object.fromEntries(calls);
}

/** Returns a function that sends one call, and perhaps sends it again. */
function sending(connections: Connections, name: string) {
  const repeats = new RepeatCheck(connections.world, name);
  return async function* (request: unknown, options: CallOptions): AsyncGenerator<never, unknown> {
    const { deadline: deadlineMs = DEADLINE_MS, signal } = options;
    let trailer: Metadata | undefined;
    const onTrailer = (received: Metadata): void => {
      trailer = received;
      options.onTrailer?.(received);
    };
    repeats.noteSending();
    try {
      return await connections.call(name, request, { deadlineMs, signal, onTrailer });
    } catch (error) {
      if (error instanceof ClientError) repeats.noteRefusal(error, trailer);
      throw error;
    }
  };
}

/** Describes a call. The answers of a stream travel as one, which the middleware does not see. */
function descriptionOf({ requestStream, responseStream }: Method) {
  return { method: { path: "", options: {} }, requestStream, responseStream };
}
