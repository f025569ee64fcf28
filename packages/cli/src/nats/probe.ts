import { connect } from "node:net";
import { UserError } from "@sintonia/runtime/errors";

const PROBE_MS = 2_000;
const DEFAULT_PORT = 4222;

/** What a NATS server says of itself to everyone who connects. */
export interface ServerInfo {
  readonly version: string;
  readonly jetstream?: boolean;
}

/**
 * Reads the greeting of a NATS server.
 *
 * @returns undefined if nobody listens there, or not a NATS server
 */
export function probeServer(host: string, port: number): Promise<ServerInfo | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let received = "";
    const finish = (info?: ServerInfo): void => {
      socket.destroy();
      resolve(info);
    };
    socket.setTimeout(PROBE_MS, () => finish());
    socket.on("error", () => finish());
    socket.on("close", () => finish());
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      received += chunk;
      if (received.includes("\n")) finish(parseInfo(received));
    });
  });
}

/**
 * Makes sure that one server of a URL list answers.
 *
 * @throws {UserError} if none does, or the text is not a list of URLs
 */
export async function requireServer(urls: string): Promise<void> {
  for (const { host, port } of serversOf(urls)) {
    if ((await probeServer(host, port)) !== undefined) return;
  }
  throw new UserError(`no NATS server answers at ${urls} (NATS_URL)`);
}

/** Host and port of each server in a NATS URL list such as `nats://a:4222,b`. @throws {UserError} if it is none */
export function serversOf(urls: string): readonly { readonly host: string; readonly port: number }[] {
  return urls.split(",").map((part) => {
    const text = part.trim();
    const full = text.includes("://") ? text : `nats://${text}`;
    if (!URL.canParse(full)) throw new UserError(`NATS_URL is not a NATS URL: ${text}`);
    const url = new URL(full);
    return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? DEFAULT_PORT : Number(url.port) };
  });
}

function parseInfo(greeting: string): ServerInfo | undefined {
  const match = /^INFO (\{.*\})\s*\r?\n/.exec(greeting);
  if (match?.[1] === undefined) return undefined;
  try {
    return JSON.parse(match[1]) as ServerInfo;
  } catch {
    return undefined;
  }
}
