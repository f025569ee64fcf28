// One GET request. Neither Node's fetch nor its agents can refuse addresses at the time of the
// connection, so that this file uses node:https.

import { lookup } from "node:dns";
import { get as getHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { get as getHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { OriginFault } from "../contract/file-source.js";
import { connectionFault } from "./fault-text.js";
import { isLocalAddress } from "./local-address.js";

/** A request. */
export interface GetRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** True refuses hosts of this machine and of private networks. */
  readonly refusesLocal: boolean;
  /** Time without any bytes after which the request fails, in milliseconds. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends a GET request. Ends in bounded time if nothing arrives.
 *
 * @returns the answer, whose body the caller reads or destroys
 * @throws {OriginFault}
 * @throws the signal's reason if it is aborted
 */
export async function sendGet(request: GetRequest): Promise<IncomingMessage> {
  const { url, signal } = request;
  signal.throwIfAborted();
  try {
    return await answerOf(request);
  } catch (error) {
    signal.throwIfAborted();
    throw connectionFault(url.host, error);
  }
}

function answerOf({ url, headers, refusesLocal, idleMs, signal }: GetRequest): Promise<IncomingMessage> {
  if (refusesLocal && isLocalHost(url.hostname)) throw localFault(url.hostname);
  const options: RequestOptions = {
    // The bytes as they are stored, of which the checksum is.
    headers: { "accept-encoding": "identity", "user-agent": "sintonia", ...headers },
    agent: false,
    signal,
    ...(refusesLocal ? { lookup: refusingLocal } : {}),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === "http:" ? getHttp : getHttps;
    const request = send(url, options, resolve);
    request.setTimeout(idleMs, () => {
      request.destroy(new OriginFault(`${url.host} sent nothing for ${idleMs / 1000} s`, "some"));
    });
    request.on("error", reject);
  });
}

function isLocalHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return isIP(host) !== 0 && isLocalAddress(host);
}

/** Looks up a name, and fails if it is that of a local address. */
const refusingLocal: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, address, family) => {
    const found = typeof address === "string" ? [address] : (address ?? []).map((each) => each.address);
    const isLocal = error === null && found.some(isLocalAddress);
    callback(isLocal ? localFault(hostname) : error, address, family);
  });
};

function localFault(host: string): OriginFault {
  return new OriginFault(`its server redirects to ${host}, an address of a private network`, "none");
}
