// The session of a browser: a cookie with the reader's bearer token, which no script can read. The
// server keeps nothing, so that every coordinator knows the session, and it ends with its token.

import type { IncomingHttpHeaders } from "node:http";

/** Longest token that a cookie holds. */
const TOKEN = /^[\w.~+/=-]{1,200}$/;

/** Cookies of one server. */
export interface SessionCookie {
  /** Name of the cookie. Browsers do not tell the ports of one host apart. */
  readonly name: string;
  /** True where the browser reaches the server over TLS. */
  readonly isSecure: boolean;
}

/** Returns the cookie of a server. @param port - that the server listens on */
export function sessionCookie(port: number, isSecure: boolean): SessionCookie {
  // A browser accepts the prefix __Host- from the server itself alone, over TLS.
  return { name: `${isSecure ? "__Host-" : ""}sintonia-${port}`, isSecure };
}

/**
 * Returns the value of `authorization` that a request has, or that its session stands for.
 *
 * @returns undefined if the request has neither
 */
export function authorizationOf(headers: IncomingHttpHeaders, { name }: SessionCookie): string | undefined {
  if (headers.authorization !== undefined) return headers.authorization;
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim().split("=", 2));
  const token = pairs.find(([key]) => key === name)?.[1];
  return token === undefined || !TOKEN.test(token) ? undefined : `Bearer ${token}`;
}

/** Returns the header that begins a session. Undefined for a text that is no token. */
export function beginSession({ name, isSecure }: SessionCookie, token: string): string | undefined {
  return TOKEN.test(token) ? `${name}=${token}; ${attributes(isSecure)}` : undefined;
}

/** Returns the header that ends a session. */
export function endSession({ name, isSecure }: SessionCookie): string {
  return `${name}=; Max-Age=0; ${attributes(isSecure)}`;
}

function attributes(isSecure: boolean): string {
  return `Path=/; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}
