// Who may send requests: pages of this server, and programs. A browser also sends requests that
// other sites make, from the reader's machine and with the reader's cookie.

import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { isIP } from "node:net";
import { Status } from "nice-grpc-common";
import { RefusedRequest } from "./http-error.js";

/** Names by which every machine calls itself. */
const OWN_NAMES = ["localhost"];

/** Methods that change nothing. */
const READING = ["GET", "HEAD"];

/**
 * Refuses a request for a host that is neither an address nor one of the names: a name of somebody
 * else may lead a browser to this server and make its answers readable there (DNS rebinding).
 * Refuses changes that a page of another site sends.
 *
 * @param names - lower-case names by which browsers reach this server
 */
export function requireOwnSite(
  { method = "", headers }: { readonly method?: string | undefined; readonly headers: IncomingHttpHeaders },
  names: readonly string[],
): void {
  const host = headers.host?.toLowerCase() ?? "";
  const name = hostName(host);
  if (name === undefined || !(isIP(name) !== 0 || OWN_NAMES.includes(name) || names.includes(name)))
    throw refused(
      "HOST_UNKNOWN",
      `The host ${JSON.stringify(host.slice(0, 100))} is not known; see SINTONIA_PAGE_HOSTS.`,
    );
  if (READING.includes(method) || isOwnPage(headers, host, names)) return;
  throw refused("CROSS_SITE", "Another site has sent the request.");
}

function refused(reason: string, message: string): RefusedRequest {
  return new RefusedRequest({ status: 403, code: Status.PERMISSION_DENIED, reason }, message);
}

/** Returns the name or the address in "name:port" or "[address]:port". */
function hostName(host: string): string | undefined {
  return /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/
    .exec(host)
    ?.slice(1)
    .find((part) => part !== undefined);
}

/** Tells whether a page of this server sends a request, or a program, which sends no origin. */
function isOwnPage(headers: IncomingHttpHeaders, host: string, names: readonly string[]): boolean {
  const site = headers["sec-fetch-site"] ?? "same-origin";
  if (site !== "same-origin" && site !== "none") return false;
  if (headers.origin === undefined) return true;
  const origin = /^https?:\/\/(.+)$/.exec(headers.origin.toLowerCase())?.[1];
  // A proxy may call this server by another name than its own, which the origin has.
  return origin !== undefined && (origin === host || names.includes(hostName(origin) ?? ""));
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers of every answer. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Sets the headers that limit what a browser does with an answer. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
}
