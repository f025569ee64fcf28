// gRPC clients whose calls pass through simulated connections.

import type { Connections } from "./network.js";
import { collected } from "./streams.js";

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly deadline?: number;
}

interface Definition {
  readonly methods: Readonly<Record<string, { readonly requestStream: boolean; readonly responseStream: boolean }>>;
}

/** Deadline of a call in milliseconds. */
const DEADLINE_MS = 4_000;

/**
 * Creates the client that ts-proto generates for a definition. A streamed request or answer travels
 * as one list.
 */
export function serviceClient<Client>(definition: Definition, connections: Connections): Client {
  const calls = Object.entries(definition.methods).map(([name, { requestStream, responseStream }]) => {
    const call = async (request: unknown, { signal, deadline = DEADLINE_MS }: CallOptions = {}): Promise<unknown> => {
      const sent = requestStream ? await collected(request as AsyncIterable<unknown>) : request;
      return await connections.call(name, sent, { deadlineMs: deadline, signal });
    };
    const stream = async function* (request: unknown, options?: CallOptions): AsyncGenerator<unknown> {
      yield* (await call(request, options)) as unknown[];
    };
    return [name, responseStream ? stream : call];
  });
  return Object.fromEntries(calls) as Client;
}
