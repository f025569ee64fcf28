import { connect } from "node:net";
import { UserError } from "@sintonia/runtime/errors";

/** Time limit for the connection and the first line. */
const PROBE_MS = 2_000;
const DEFAULT_PORT = 4222;

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
  throw new UserError(`no NATS server answers at ${urls} (NATS_URL)`);
}

/**
 * Parses a list of NATS URLs such as `nats://a:4222,b`.
 *
 * @throws {UserError} if the text is not such a list
 */
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
