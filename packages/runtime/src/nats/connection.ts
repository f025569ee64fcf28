import { connect, ErrorCode, Events, type NatsConnection } from "nats";
import { retry } from "../backoff.js";
import { systemClock } from "../clock.js";
import { messageOf, UserError } from "../errors.js";
import type { Logger } from "../logger.js";
import { authentication, encryption, type NatsSettings } from "./authentication.js";
import { NatsNames, type NatsRole } from "./names.js";

/**
 * Interval of pings in milliseconds. The client detects a dead server after three missed pings, so
 * after 30 s; its default interval of two minutes would take six minutes.
 */
const PING_INTERVAL_MS = 10_000;

/** Upper limit of one attempt to connect, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Error codes for credentials and options that the server or the client refuses. */
const IDENTITY_CODES: readonly string[] = [
  ErrorCode.AuthorizationViolation,
  ErrorCode.AuthenticationExpired,
  ErrorCode.BadAuthentication,
  ErrorCode.BadCreds,
  ErrorCode.InvalidOption,
];

/** Error codes for certificates: the client's own code, and OpenSSL's codes as Node names them. */
const CERTIFICATE_CODES: readonly string[] = [
  ErrorCode.Tls,
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/** Error codes that another attempt cannot resolve. */
const PERMANENT_CODES: readonly string[] = [
  ...IDENTITY_CODES,
  ...CERTIFICATE_CODES,
  ErrorCode.ServerOptionNotAvailable,
];

/** The settings of a connection, and the identity of the client. */
export interface NatsOptions {
  readonly settings: NatsSettings;
  /** Name of the connection in the server's monitoring. */
  readonly name: string;
  /**
   * Program that connects. It receives answers on subjects of its own, so that NATS can keep other
   * programs from reading them.
   * @default subjects that all clients of the account share
   */
  readonly role?: NatsRole;
  readonly logger: Logger;
  /** Ends the attempts to connect when aborted. */
  readonly signal?: AbortSignal;
}

/** Time for the first connection in milliseconds, if the settings have none. */
const START_MS = 30_000;

/**
 * Connects to NATS. The connection reconnects without limit and logs every change of its state. It
 * also tries again after refused credentials, which an operator may be about to exchange.
 * The caller closes or drains it.
 *
 * @throws {UserError} if NATS does not answer before the deadline or refuses the credentials
 */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const { settings, role, logger, signal } = options;
  const { natsUrl, natsStartMs = START_MS } = settings;
  const identity = { ...authentication(settings), ...(await encryption(settings)) };
  const connectOnce = (): Promise<NatsConnection> =>
    connect({
      servers: [...natsUrl.addresses],
      name: options.name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      pingInterval: PING_INTERVAL_MS,
      timeout: CONNECT_TIMEOUT_MS,
      ignoreAuthErrorAbort: true,
      // A stack trace for each request, in case it fails, costs more than the rest of the request.
      noAsyncTraces: true,
      ...(role === undefined ? {} : { inboxPrefix: new NatsNames(settings.natsPrefix).inboxPrefix(role) }),
      ...identity,
    });
  try {
    const connection = await retry(connectOnce, {
      delayMs: 100,
      delayMaxMs: 2_000,
      deadlineMs: natsStartMs,
      ...(signal ? { signal } : {}),
      isTransient: (error) => !isPermanent(error),
      onRetry: (error, attempt) =>
        logger.warn({ servers: `${natsUrl}`, attempt, reason: messageOf(error) }, "nats not reachable, retrying"),
    });
    void logStatus(connection, logger);
    return connection;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new UserError(explain(error, `${natsUrl}`, natsStartMs), { cause: error });
  }
}

function isPermanent(error: unknown): boolean {
  return PERMANENT_CODES.includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function explain(error: unknown, servers: string, startMs: number): string {
  if (isPermanent(error)) {
    return `NATS at ${servers} refused the connection (${messageOf(error)}); ${adviceOn(codeOf(error))}`;
  }
  const advice = "start a nats-server with JetStream there, or set another URL";
  const tried = `tried for ${Math.round(startMs / 1000)} s`;
  return `NATS at ${servers} does not answer (${messageOf(error)}, ${tried}); ${advice}`;
}

function adviceOn(code: string): string {
  if (code === ErrorCode.ServerOptionNotAvailable) return "the server has no TLS: enable it there, or use nats:// here";
  if (CERTIFICATE_CODES.includes(code)) return "check the certificates, and SINTONIA_NATS_TLS_CA_FILE";
  return "check the URL, the user and the credentials";
}

const LOSSES: readonly string[] = [Events.Disconnect, Events.Error, Events.LDM];

/** Shortest time between two warnings of one error, in milliseconds: requests are repeated. */
const ERROR_REPEAT_MS = 60_000;

async function logStatus(connection: NatsConnection, logger: Logger): Promise<void> {
  let last = { error: "", atMs: 0 };
  for await (const { type, data } of connection.status()) {
    const fields = { status: type, data };
    const error = type === Events.Error ? String(data) : "";
    const nowMs = systemClock.monotonicMs();
    const isRepeat = error !== "" && error === last.error && nowMs - last.atMs < ERROR_REPEAT_MS;
    if (error !== "" && !isRepeat) last = { error, atMs: nowMs };
    if (LOSSES.includes(type) && !isRepeat) logger.warn(fields, "nats connection changed");
    else if (type === Events.Reconnect) logger.info(fields, "nats connection changed");
    else logger.debug(fields, "nats connection changed");
  }
}
