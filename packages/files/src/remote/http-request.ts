// One request. Neither Node's fetch nor its agents can refuse addresses at the time of the
// connection, so that this file uses node:https.

import { lookup } from "node:dns";
import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { connect } from "node:tls";
import { OriginFault } from "../contract/file-source.js";
import { connectionFault } from "./fault-text.js";
import { isLocalAddress } from "./local-address.js";
import { isKnownLocal, openTunnel, type ProxySettings, proxyFor } from "./proxy.js";

/** A request. */
export interface HttpRequest {
  /** @default GET */
  readonly method?: string | undefined;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes to send, of the length in the headers. Not read on once the server has answered. */
  readonly body?: AsyncIterable<Uint8Array> | undefined;
  /** True refuses hosts of this machine and of private networks. */
  readonly refusesLocal: boolean;
  /** @default no proxy */
  readonly proxy?: ProxySettings | undefined;
  /** Time without any bytes after which the request fails, in milliseconds. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends a request. Ends in bounded time if nothing arrives.
 *
 * @returns the answer, whose body the caller reads or destroys
 * @throws {OriginFault}
 * @throws the error of the body
 * @throws the signal's reason if it is aborted
 */
export async function sendRequest(request: HttpRequest): Promise<IncomingMessage> {
  const { url, signal } = request;
  signal.throwIfAborted();
  try {
    const proxy = proxyFor(url, request.proxy ?? {});
    return proxy === undefined ? await answerOf(request) : await answerThrough(proxy, request);
  } catch (error) {
    signal.throwIfAborted();
    throw connectionFault(url.host, error);
  }
}

function answerOf(request: HttpRequest): Promise<IncomingMessage> {
  const { url, refusesLocal } = request;
  if (refusesLocal && isLocalHost(url.hostname)) throw localFault(url.hostname);
  return sent(request, { agent: false, ...(refusesLocal ? { lookup: refusingLocal } : {}) });
}

/** Sends the request through a proxy, which connects to the server and sees no content. */
async function answerThrough(proxy: URL, request: HttpRequest): Promise<IncomingMessage> {
  const { url, refusesLocal, idleMs, signal } = request;
  const { hostname } = url;
  if (refusesLocal && (isLocalHost(hostname) || (await isKnownLocal(hostname)))) throw localFault(hostname);
  const socket = await openTunnel(proxy, url, { idleMs, signal });
  const host = hostname.replace(/^\[|\]$/g, "");
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return await sent(request, { createConnection: () => connect({ socket, host, ...servername }) });
}

function sent(given: HttpRequest, connection: RequestOptions): Promise<IncomingMessage> {
  const { method, url, headers, body, idleMs, signal } = given;
  const options: RequestOptions = {
    method: method ?? "GET",
    // The bytes as they are stored, of which the checksum is.
    headers: { "accept-encoding": "identity", "user-agent": "sintonia", ...headers },
    signal,
    ...connection,
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === "http:" ? requestHttp : requestHttps;
    const request = send(url, options, resolve);
    request.setTimeout(idleMs, () => {
      request.destroy(new OriginFault(`${url.host} sent nothing for ${idleMs / 1000} s`, "some"));
    });
    request.on("error", reject);
    if (body === undefined) request.end();
    // Rejected at once with an error of the body. An answer before the end of the body counts.
    else pipeline(Readable.from(body, { objectMode: false }), request).catch(reject);
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
