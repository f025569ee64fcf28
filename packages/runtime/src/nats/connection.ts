import { readFile } from "node:fs/promises";
import { connect, credsAuthenticator, ErrorCode, Events, type NatsConnection, NatsError } from "nats";
import { retry } from "../backoff.js";
import { UserError } from "../errors.js";
import type { Logger } from "../logger.js";

/** A dead peer is found after three missed pings: 30 s. The client's own default would take six minutes. */
const PING_INTERVAL_MS = 10_000;

/** How long one try to connect may take, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Faults that no amount of waiting cures. */
const PERMANENT_CODES: readonly string[] = [
  ErrorCode.AuthorizationViolation,
  ErrorCode.AuthenticationExpired,
  ErrorCode.BadAuthentication,
  ErrorCode.BadCreds,
  ErrorCode.InvalidOption,
];

/** Where NATS is and who connects. */
export interface NatsOptions {
  /** One or more URLs, separated by commas: "nats://127.0.0.1:4222". */
  readonly servers: string;
  /** Name of the connection in the server's monitoring. */
  readonly name: string;
  readonly logger: Logger;
  /** User name, with `password`. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Path of a .creds file; read once. */
  readonly credentials?: string | undefined;
  /** How long to keep trying while NATS is down at start, in milliseconds; 30,000 by default. */
  readonly startDeadlineMs?: number;
  /** Ends the trying. */
  readonly signal?: AbortSignal;
}

/**
 * Connects to NATS and stays connected: reconnects without limit, and logs every change. The caller closes or drains.
 *
 * @throws {UserError} if NATS cannot be reached before the deadline or refuses the user
 */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const { servers, logger, startDeadlineMs = 30_000, signal } = options;
  const authentication = await authenticate(options);
  const connectOnce = (): Promise<NatsConnection> =>
    connect({
      servers: servers.split(",").map((server) => server.trim()),
      name: options.name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      pingInterval: PING_INTERVAL_MS,
      timeout: CONNECT_TIMEOUT_MS,
      ...authentication,
    });
  try {
    const connection = await retry(connectOnce, {
      delayMs: 100,
      delayMaxMs: 2_000,
      deadlineMs: startDeadlineMs,
      ...(signal ? { signal } : {}),
      isTransient: (error) => !(error instanceof NatsError && PERMANENT_CODES.includes(error.code)),
      onRetry: (error, attempt) =>
        logger.warn({ servers, attempt, reason: error.message }, "nats is not reachable yet"),
    });
    void logStatus(connection, logger);
    return connection;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new UserError(explain(error, servers, startDeadlineMs), { cause: error });
  }
}

async function authenticate({ user, password, credentials }: NatsOptions): Promise<object> {
  if (credentials === undefined) return user === undefined ? {} : { user, pass: password ?? "" };
  try {
    return { authenticator: credsAuthenticator(await readFile(credentials)) };
  } catch (error) {
    throw new UserError(`cannot read the NATS credentials file ${credentials}: ${reasonOf(error)}`, { cause: error });
  }
}

function explain(error: unknown, servers: string, startDeadlineMs: number): string {
  const reason = reasonOf(error);
  if (error instanceof NatsError && PERMANENT_CODES.includes(error.code)) {
    return `NATS at ${servers} refused the connection (${reason}): check the URL, the user and the credentials`;
  }
  const seconds = Math.round(startDeadlineMs / 1000);
  return `NATS at ${servers} cannot be reached (${reason}, tried for ${seconds} s): start a nats-server with JetStream there or give another URL`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const LOSSES: readonly string[] = [Events.Disconnect, Events.Error, Events.LDM];

async function logStatus(connection: NatsConnection, logger: Logger): Promise<void> {
  for await (const { type, data } of connection.status()) {
    const fields = { status: type, data };
    if (LOSSES.includes(type)) logger.warn(fields, "nats connection changed");
    else if (type === Events.Reconnect) logger.info(fields, "nats connection changed");
    else logger.debug(fields, "nats connection changed");
  }
}
