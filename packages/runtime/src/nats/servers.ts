import { UserError } from "../errors.js";
import { Secret } from "../secret.js";

/** A login by name or by token. */
export type Login = { readonly user: string; readonly password: Secret } | { readonly token: Secret };

/** The servers that a list of NATS URLs names. Printing it shows no password. */
export interface NatsServers {
  /** Addresses, "host:port" each. */
  readonly addresses: readonly string[];
  /** Login in the URLs; undefined if they have none. */
  readonly login: Login | undefined;
  /** True if a URL starts with "tls://". */
  readonly tls: boolean;
  /** The URLs without their login, separated by commas. */
  toString(): string;
}

interface ServerUrl {
  readonly address: string;
  readonly scheme: string;
  readonly login: Login | undefined;
}

const DEFAULT_PORT = "4222";
const SCHEMES: readonly string[] = ["nats:", "tls:"];

/** Accepted lists of servers, in words for error messages. */
export const ACCEPTED_SERVERS = "nats://host:port or tls://user:password@host:port, several with commas between them";

/**
 * Parses a list of NATS URLs such as `nats://user:password@a:4222,nats://b`. Characters that a URL
 * reserves are written as %-escapes in a user name and a password.
 *
 * @throws {UserError} if the text is no such list, without showing the text
 */
export function parseServers(text: string): NatsServers {
  const urls = text.split(",").map((part) => parseUrl(part.trim()));
  const logins = urls.flatMap(({ login }) => (login === undefined ? [] : [login]));
  if (new Set(logins.map(keyOf)).size > 1) throw new UserError("the NATS URLs have several logins, must have one");
  return {
    addresses: urls.map(({ address }) => address),
    login: logins[0],
    tls: urls.some(({ scheme }) => scheme === "tls:"),
    toString: () => urls.map(({ scheme, address }) => `${scheme}//${address}`).join(","),
  };
}

function parseUrl(text: string): ServerUrl {
  const full = text.includes("://") ? text : `nats://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || url.hostname === "" || !SCHEMES.includes(url.protocol) || !/^\/?$/.test(url.pathname)) {
    throw new UserError(`a NATS URL is not valid, must be ${ACCEPTED_SERVERS}`);
  }
  return { address: `${url.hostname}:${url.port || DEFAULT_PORT}`, scheme: url.protocol, login: loginOf(url) };
}

/** Returns the login of a URL. A name without a password is a token, as in other NATS clients. */
function loginOf(url: URL): Login | undefined {
  if (url.username === "") return undefined;
  const user = unescaped(url.username);
  if (url.password === "") return { token: new Secret(user) };
  return { user, password: new Secret(unescaped(url.password)) };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UserError("the login of a NATS URL has a % that starts no escape; write %25");
  }
}

function keyOf(login: Login): string {
  return JSON.stringify("token" in login ? [login.token.reveal()] : [login.user, login.password.reveal()]);
}
