import type { IncomingMessage } from "node:http";
import { OriginFault } from "../contract/file-source.js";
import { connectionFault } from "./fault-text.js";

/** The slowest transfer that does not count as broken. */
export interface RateLimit {
  /** Length of a period, in milliseconds. */
  readonly idleMs: number;
  /** Bytes that each period brings at least. */
  readonly bytesMin: number;
}

/** 64 KiB a minute: a server that sends single bytes holds up no trial for ever. */
export const TRANSFER_RATE: RateLimit = { idleMs: 60_000, bytesMin: 64 * 1024 };

/** The facts of a body. */
interface Body {
  readonly host: string;
  /** Number of bytes, if the server has said it. */
  readonly expected: number | undefined;
  readonly rate: RateLimit;
  readonly signal: AbortSignal;
}

/**
 * Yields the bytes of an answer.
 *
 * @throws {OriginFault} if the connection breaks, brings too little, or ends too early
 */
export async function* bodyOf(answer: IncomingMessage, body: Body): AsyncGenerator<Uint8Array> {
  const { host, expected, rate, signal } = body;
  let total = 0;
  let periodStart = 0;
  const timer = setInterval(() => {
    if (total - periodStart < rate.bytesMin) answer.destroy(tooSlow(host, rate));
    periodStart = total;
  }, rate.idleMs);
  try {
    for await (const bytes of answer as AsyncIterable<Uint8Array>) {
      total += bytes.length;
      yield bytes;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw connectionFault(host, error);
  } finally {
    clearInterval(timer);
    answer.destroy();
  }
  if (expected !== undefined && total !== expected)
    throw new OriginFault(`${host} sent ${total} of ${expected} bytes`, "some");
}

function tooSlow(host: string, { idleMs, bytesMin }: RateLimit): OriginFault {
  return new OriginFault(`${host} sent less than ${bytesMin} bytes in ${idleMs / 1000} s`, "some");
}
