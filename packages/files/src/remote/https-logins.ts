// The logins of https servers: "HOST bearer TOKEN" or "HOST basic USER:PASSWORD", a line each.

import { Secret } from "@sintonia/runtime/secret";

/** A login for a server. */
interface HttpsLogin {
  /** "host", or "host:port" for another port than 443. */
  readonly host: string;
  /** Value of the header `authorization`. */
  readonly authorization: Secret;
}

/** The logins of https servers. */
export type HttpsLogins = readonly HttpsLogin[];

const LINE = /^([\w.:[\]-]+)\s+(bearer|basic)\s+(\S.*)$/i;

/** Parses logins. Returns undefined if a line has another form. Lines with # are comments. */
export function parseLogins(text: string): HttpsLogins | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const logins = lines.flatMap((line) => parseLine(line) ?? []);
  return logins.length === lines.length ? logins : undefined;
}

function parseLine(line: string): HttpsLogin | undefined {
  const [, host = "", scheme = "", credentials = ""] = LINE.exec(line) ?? [];
  const isBasic = scheme.toLowerCase() === "basic";
  if (!URL.canParse(`https://${host}`) || isBasic !== credentials.includes(":")) return undefined;
  // A header has no other characters, and no token or password of a server needs them.
  if (!/^[\x21-\x7e]+$/.test(isBasic ? "basic" : credentials)) return undefined;
  const value = isBasic ? `Basic ${Buffer.from(credentials).toString("base64")}` : `Bearer ${credentials}`;
  return { host: new URL(`https://${host}`).host, authorization: new Secret(value) };
}

/** Returns the headers that log in at the server of an address; none without a login for it. */
export function loginHeaders({ protocol, host }: URL, logins: HttpsLogins): Readonly<Record<string, string>> {
  const login = protocol === "https:" ? logins.find((each) => each.host === host) : undefined;
  return login === undefined ? {} : { authorization: login.authorization.reveal() };
}
