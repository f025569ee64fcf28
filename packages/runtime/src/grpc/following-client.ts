// A client of several coordinators, of which one leads. Calls go to the coordinator that led last.
// After a call that a coordinator cannot answer, they go to the leader that it names, or else to
// the next one.

import { type CallOptions, ClientError, type CompatServiceDefinition, type Metadata, Status } from "nice-grpc";
import { LEADER_METADATA } from "./leader-metadata.js";

/** A client of one coordinator. */
interface Member {
  /** "host:port". */
  readonly address: string;
  readonly client: object;
  close(): void;
}

type Call = (request: unknown, options?: CallOptions) => unknown;

/**
 * Returns a client of the coordinator that leads. A call with one request is made at each
 * coordinator at most once, as long as none answers. A call with a stream of requests cannot be
 * repeated: only the next call goes to another coordinator.
 *
 * @param members - a client of each coordinator; their connections end with the result's
 */
export function followLeader<C extends Member>(
  definition: CompatServiceDefinition,
  members: readonly C[],
): Pick<C, "client" | "close"> {
  const [only] = members;
  if (only !== undefined && members.length === 1) return only;
  const leader = new Leader(members);
  const calls = Object.entries(definition.methods).map(([name, { requestStream, responseStream }]) => {
    const triesMax = requestStream ? 1 : members.length;
    return [name, responseStream ? leader.streamed(name, triesMax) : leader.unary(name, triesMax)];
  });
  return {
    client: Object.fromEntries(calls) as C["client"],
    close: () => {
      for (const { close } of members) close();
    },
  };
}

/** Splits a list of addresses, "host:port" each, with commas between them. */
export function addressesOf(list: string): readonly string[] {
  return list
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
}

/** The members, and the one that gets the next call. */
class Leader {
  readonly #members: readonly Member[];
  #current = 0;

  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /** Returns a call with one answer. @param triesMax - limit of the coordinators that are asked */
  unary(name: string, triesMax: number): Call {
    return async (request, options = {}) => {
      const tried = new Set<number>();
      for (;;) {
        const { send, pass } = this.#attempt(name, options, tried);
        try {
          return await send(request);
        } catch (error) {
          if (!pass(error) || tried.size >= triesMax) throw error;
        }
      }
    };
  }

  /** Returns a call with a stream of answers. It is repeated only before the first answer. */
  streamed(name: string, triesMax: number): Call {
    const open = this.#open.bind(this);
    return (request, options = {}) => open({ name, triesMax }, request, options);
  }

  async *#open(
    { name, triesMax }: { readonly name: string; readonly triesMax: number },
    request: unknown,
    options: CallOptions,
  ): AsyncGenerator<unknown> {
    const tried = new Set<number>();
    for (;;) {
      const { send, pass } = this.#attempt(name, options, tried);
      let isAnswered = false;
      try {
        for await (const answer of send(request) as AsyncIterable<unknown>) {
          isAnswered = true;
          yield answer;
        }
        return;
      } catch (error) {
        if (!pass(error) || isAnswered || tried.size >= triesMax) throw error;
      }
    }
  }

  /** Returns a call of the current member, and the decision after its error. */
  #attempt(name: string, options: CallOptions, tried: Set<number>) {
    const index = this.#current;
    const { client } = this.#members[index] as Member;
    let leader: string | undefined;
    const onTrailer = (trailer: Metadata): void => {
      leader = trailer.get(LEADER_METADATA)?.toString();
      options.onTrailer?.(trailer);
    };
    tried.add(index);
    return {
      send: (request: unknown): unknown => (client as Record<string, Call>)[name]?.(request, { ...options, onTrailer }),
      /** Turns to another member. Returns true if the call shall be made there. */
      pass: (error: unknown): boolean => {
        if (!isAbsence(error) || options.signal?.aborted === true) return false;
        this.#turnFrom(index, leader);
        // A call that took its whole time limit leaves none for a repeat.
        return error.code === Status.UNAVAILABLE && !tried.has(this.#current);
      },
    };
  }

  /** Turns to the leader, or else to the next member, unless another call has already turned. */
  #turnFrom(index: number, leader: string | undefined): void {
    if (this.#current !== index) return;
    const named = this.#members.findIndex(({ address }) => address === leader);
    this.#current = named >= 0 && named !== index ? named : (index + 1) % this.#members.length;
  }
}

/** Tells whether an error shows that a coordinator does not lead or does not answer. */
function isAbsence(error: unknown): error is ClientError {
  return error instanceof ClientError && [Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED].includes(error.code);
}
