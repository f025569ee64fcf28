import { readFile } from "node:fs/promises";
import { connect, credsAuthenticator, ErrorCode, Events, type NatsConnection, NatsError } from "nats";
import { retry } from "../backoff.js";
import { UserError } from "../errors.js";
import type { Logger } from "../logger.js";

/**
 * Interval of pings in milliseconds. The client detects a dead server after three missed pings, so
 * after 30 s; its default interval of two minutes would take six minutes.
 */
const PING_INTERVAL_MS = 10_000;

/** Upper limit of one attempt to connect, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Error codes that another attempt cannot resolve: wrong credentials or options. */
const PERMANENT_CODES: readonly string[] = [
  ErrorCode.AuthorizationViolation,
  ErrorCode.AuthenticationExpired,
  ErrorCode.BadAuthentication,
  ErrorCode.BadCreds,
  ErrorCode.InvalidOption,
];

/** The address of NATS, and the identity of the client. */
export interface NatsOptions {
  /** URLs, separated by commas: "nats://127.0.0.1:4222". */
  readonly servers: string;
  /** Name of the connection in the server's monitoring. */
  readonly name: string;
  readonly logger: Logger;
  /** User name; needs `password`. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Path of a .creds file, which is read once. Replaces user and password. */
  readonly credentials?: string | undefined;
  /**
   * Time for the first connection, in milliseconds.
   * @default 30,000
   */
  readonly startDeadlineMs?: number;
  /** Ends the attempts to connect when aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Connects to NATS. The connection reconnects without limit and logs every change of its state.
 * The caller closes or drains it.
 *
 * @throws {UserError} if NATS does not answer before the deadline or refuses the credentials
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
        logger.warn({ servers, attempt, reason: error.message }, "nats not reachable, retrying"),
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
    return `NATS at ${servers} refused the connection (${reason}); check the URL, the user and the credentials`;
  }
  const seconds = Math.round(startDeadlineMs / 1000);
  const advice = "start a nats-server with JetStream there, or set another URL";
  return `NATS at ${servers} does not answer (${reason}, tried for ${seconds} s); ${advice}`;
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
