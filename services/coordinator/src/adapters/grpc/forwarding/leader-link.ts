// The connections of a follower to the leader. Calls over them end with the leadership of that
// leader.

import { setMaxListeners } from "node:events";
import { type ChannelSecurity, openChannel } from "@sintonia/runtime/grpc/client";
import { type CallOptions, type Channel, createClient } from "nice-grpc";
import { type Definition, encodedDefinition, pathOf } from "./encoded-messages.js";

/** A call with encoded messages: one or a stream of them in each direction. */
export type EncodedCall = (request: unknown, options: CallOptions) => Promise<unknown> | AsyncIterable<unknown>;

/**
 * Number of connections to a leader, which get the calls in turn. One takes 1,000 calls at once:
 * together they have room for a stream of each of the 10,000 trainers that a leader remembers.
 */
const CONNECTIONS = 16;

type Calls = ReadonlyMap<string, EncodedCall>;

/** A leader with open connections. */
interface Leader {
  readonly address: string;
  readonly channels: readonly Channel[];
  /** The calls of each connection by path. */
  readonly calls: readonly Calls[];
  readonly ends: AbortController;
}

/** Encryption of the calls to a leader, and what proves that a coordinator makes them. */
export interface LinkSecurity extends ChannelSecurity {
  /** True if this coordinator has a certificate as one, so that a leader believes it. */
  readonly mayVouch?: boolean;
}

/** The connections to the present leader. */
export class LeaderLink {
  /** True if the leader believes who the caller is. */
  readonly mayVouch: boolean;
  readonly #definitions: readonly Definition[];
  readonly #security: ChannelSecurity;
  #leader: Leader | undefined;
  #forwarded = 0;

  /** @param definitions - services whose calls are forwarded */
  constructor(definitions: readonly Definition[], { mayVouch = false, ...security }: LinkSecurity) {
    this.mayVouch = mayVouch;
    this.#definitions = definitions;
    this.#security = security;
  }

  /**
   * Ends the calls to any other leader, and their connections.
   *
   * @param address - "host:port" of the leader; undefined if none is known
   */
  turnTo(address: string | undefined): void {
    if (this.#leader === undefined || this.#leader.address === address) return;
    this.#leader.ends.abort();
    for (const channel of this.#leader.channels) channel.close();
    this.#leader = undefined;
  }

  /** Returns a call of a leader by its path, and the signal of the end of that leadership. */
  callTo(address: string, path: string): { readonly send: EncodedCall; readonly ends: AbortSignal } {
    this.turnTo(address);
    this.#leader ??= this.#connect(address);
    const send = this.#leader.calls[this.#forwarded % CONNECTIONS]?.get(path);
    this.#forwarded += 1;
    if (send === undefined) throw new Error(`${path} is not forwarded`);
    return { send, ends: this.#leader.ends.signal };
  }

  #connect(address: string): Leader {
    const channels = Array.from({ length: CONNECTIONS }, () => openChannel(address, this.#security));
    const calls = channels.map(
      (channel) => new Map(this.#definitions.flatMap((definition) => callsOf(definition, channel))),
    );
    const ends = new AbortController();
    // Every call listens, so that their number is no sign of a leak.
    setMaxListeners(0, ends.signal);
    return { address, channels, calls, ends };
  }
}

function callsOf(definition: Definition, channel: Channel): readonly (readonly [path: string, EncodedCall])[] {
  const client = createClient(encodedDefinition(definition) as never, channel) as Readonly<Record<string, EncodedCall>>;
  return Object.entries(definition.methods).map(([key, method]) => [
    pathOf(definition, method),
    client[key] as EncodedCall,
  ]);
}
