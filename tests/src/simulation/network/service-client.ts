// gRPC clients whose calls pass through simulated connections.

import { followLeader } from "@sintonia/runtime/grpc/following-client";
import type { Metadata } from "nice-grpc-common";
import type { Connections } from "./network.js";
import { collected } from "./streams.js";

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly deadline?: number;
  readonly onTrailer?: (trailer: Metadata) => void;
}

type Definition = Parameters<typeof followLeader>[0];

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

/** Creates the client of one coordinator. A streamed request or answer travels as one list. */
function memberClient({ methods }: Definition, connections: Connections): object {
  const calls = Object.entries(methods).map(([name, { requestStream, responseStream }]) => {
    const call = async (request: unknown, options: CallOptions = {}): Promise<unknown> => {
      const { deadline: deadlineMs = DEADLINE_MS, signal, onTrailer } = options;
      const sent = requestStream ? await collected(request as AsyncIterable<unknown>) : request;
      return await connections.call(name, sent, { deadlineMs, signal, onTrailer });
    };
    const stream = async function* (request: unknown, options?: CallOptions): AsyncGenerator<unknown> {
      yield* (await call(request, options)) as unknown[];
    };
    return [name, responseStream ? stream : call];
  });
  return Object.fromEntries(calls);
}
