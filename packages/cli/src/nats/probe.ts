import { connect } from "node:net";
import { UserError } from "@sintonia/runtime/errors";
import { parseServers } from "@sintonia/runtime/nats/servers";

/** Time limit for the connection and the first line. */
const PROBE_MS = 2_000;

/** The part of a NATS server's INFO message that a run needs. */
interface ServerInfo {
  readonly version: string;
  readonly jetstream?: boolean;
}

/**
 * Reads the INFO message that a NATS server sends to every new connection.
 *
 * @returns undefined if no NATS server answers
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
 * Refuses a list of NATS URLs at which no server answers.
 *
 * @throws {UserError} if no server answers, or if the text is not a list of NATS URLs
 */
export async function requireServer(urls: string): Promise<void> {
  for (const { host, port } of serversOf(urls)) {
    if ((await probeServer(host, port)) !== undefined) return;
  }
  throw new UserError(`no NATS server answers at ${parseServers(urls)} (NATS_URL)`);
}

/**
 * Parses a list of NATS URLs such as `nats://a:4222,b`.
 *
 * @throws {UserError} if the text is not such a list
 */
export function serversOf(urls: string): readonly { readonly host: string; readonly port: number }[] {
  return parseServers(urls).addresses.map((address) => {
    const colon = address.lastIndexOf(":");
    return { host: address.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(address.slice(colon + 1)) };
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
