// The proxy of https requests, as HTTPS_PROXY and NO_PROXY name it.

import { lookup } from "node:dns/promises";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Socket } from "node:net";
import type { Secret } from "@sintonia/runtime/secret";
import { OriginFault } from "../contract/file-source.js";
import { connectionFault, isPassingStatus } from "./fault-text.js";
import { isLocalAddress } from "./local-address.js";

/** The proxy of a machine. */
export interface ProxySettings {
  /** Address of the proxy, perhaps with a login. @default none */
  readonly address?: Secret | undefined;
  /** Hosts without a proxy, with commas between them: names with their subdomains, or "*". */
  readonly exceptions?: string | undefined;
}

/** Returns the proxy for an address; undefined if the address is reached without one. */
export function proxyFor(url: URL, { address, exceptions = "" }: ProxySettings): URL | undefined {
  if (address === undefined || url.protocol !== "https:") return undefined;
  const isExcepted = exceptions.split(/[\s,]+/).some((entry) => isMatch(url, entry.toLowerCase()));
  return isExcepted ? undefined : new URL(address.reveal());
}

function isMatch({ hostname, port }: URL, entry: string): boolean {
  if (entry === "" || entry === "*") return entry === "*";
  const [, name = entry, wantedPort] = /^(?:\*?\.)?(\[.+\]|[^:]+)(?::(\d+))?$/.exec(entry) ?? [];
  if (wantedPort !== undefined && wantedPort !== (port || "443")) return false;
  return hostname === name || hostname === `[${name}]` || hostname.endsWith(`.${name}`);
}

/** Limits of the request to a proxy. */
interface TunnelLimits {
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks a proxy for a connection to the server of an address.
 *
 * @throws {OriginFault} if the proxy cannot be reached or refuses
 */
export async function openTunnel(proxy: URL, url: URL, { idleMs, signal }: TunnelLimits): Promise<Socket> {
  const target = `${url.hostname}:${url.port || 443}`;
  const name = `the proxy ${proxy.host}`;
  const send = proxy.protocol === "https:" ? requestHttps : requestHttp;
  const login = decodeURIComponent(`${proxy.username}:${proxy.password}`);
  const headers = {
    host: target,
    ...(login === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` }),
  };
  return await new Promise((resolve, reject) => {
    const { hostname: host, port } = proxy;
    const request = send({ host, port, method: "CONNECT", path: target, headers, agent: false, signal });
    request.setTimeout(idleMs, () => request.destroy(new OriginFault(`${name} sent nothing`, "some")));
    request.on("error", (error) => reject(connectionFault(name, error)));
    request.on("response", (answer) => answer.destroy());
    request.on("connect", ({ statusCode: status = 0 }, socket) => {
      if (status === 200) return resolve(socket);
      socket.destroy();
      const advice = status === 407 ? "; put a login into HTTPS_PROXY" : ` for ${target}`;
      reject(
        new OriginFault(`${name} answers with status ${status}${advice}`, isPassingStatus(status) ? "some" : "none"),
      );
    });
    request.end();
  });
}

/**
 * Tells whether a name is known to be of a local address. A machine behind a proxy may know no
 * names: then the proxy decides.
 */
export async function isKnownLocal(hostname: string): Promise<boolean> {
  const found = await lookup(hostname, { all: true }).catch(() => []);
  return found.some(({ address }) => isLocalAddress(address));
}
