// The HTTP server of the page: its files, its API and its sessions.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ListenAddress } from "@sintonia/runtime/config";
import { systemReasonOf, UserError } from "@sintonia/runtime/errors";
import type { CallInside } from "@sintonia/runtime/grpc/inside/inside-calls";
import type { Evidence } from "@sintonia/runtime/grpc/security/authentication";
import type { ServerSecurity } from "@sintonia/runtime/grpc/security/server-security";
import { addressOf } from "@sintonia/runtime/grpc/server";
import type { Logger } from "@sintonia/runtime/logger";
import { type StreamTimes, sendJson } from "./api/answers.js";
import { answerApi } from "./api/gateway.js";
import { API_PREFIX } from "./api/routes.js";
import { httpError } from "./edge/http-error.js";
import { authorizationOf, type SessionCookie, sessionCookie } from "./edge/session.js";
import { requireOwnSite, setSecurityHeaders } from "./edge/site-guard.js";
import { answerSession, SESSION_PATH } from "./session-requests.js";
import { type SendFile, staticFiles } from "./static-files.js";

/** Limit of connections. A browser has at most six for each page that is open. */
const CONNECTIONS_MAX = 1_000;

/** Time limit of the headers and the body of a request, in milliseconds. */
const REQUEST_MS = 10_000;

/** Time until the first look for a client that has gone without a word, in milliseconds. */
const TCP_KEEP_ALIVE_MS = 20_000;

/** What the page needs. */
export interface PageContext {
  /** Makes the calls of the services. */
  readonly call: CallInside;
  readonly security: Pick<ServerSecurity, "identify" | "certificates">;
  readonly logger: Logger;
}

/** Where the page is. */
export interface PageOptions extends StreamTimes {
  readonly address: ListenAddress;
  /** Names by which browsers reach the page, beside addresses and localhost; lower case. */
  readonly names: readonly string[];
  /** True if a proxy before the page ends TLS, so that the page itself has none. */
  readonly isProxied: boolean;
  /** Folder with the files of the page. */
  readonly folder: string;
}

/** A listening page. */
export interface PageServer {
  readonly port: number;
  /** Ends the server and its connections. */
  close(): Promise<void>;
}

/**
 * Serves the page, with the certificate of the gRPC server if that has one and no proxy ends TLS.
 *
 * @throws {UserError} if the page is not built, or the address cannot be listened on
 */
export async function startPageServer(context: PageContext, options: PageOptions): Promise<PageServer> {
  const files = staticFiles(options.folder);
  const { certificates } = context.security;
  const hasTls = certificates !== undefined && !options.isProxied;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void answer({ ...context, ...options, files, cookie }, request, response);
  };
  const limits: ServerOptions = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, keepAlive: true };
  const settings = { ...limits, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS };
  const server = hasTls ? tlsServer(certificates, settings, handle) : createServer(settings, handle);
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, options.address);
  const { port } = server.address() as AddressInfo;
  const cookie = sessionCookie(port, hasTls || options.isProxied);
  context.logger.info({ host: options.address.host, port, tls: hasTls }, "page listens");
  return { port, close: () => close(server) };
}

function tlsServer(
  certificates: NonNullable<ServerSecurity["certificates"]>,
  settings: ServerOptions,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const { requestsClient } = certificates;
  // Without a certificate the caller has a token, or is refused as unknown.
  const server = createTlsServer({ ...settings, requestCert: requestsClient, rejectUnauthorized: false }, handle);
  const stop = certificates.follow((context) => server.setSecureContext(context));
  server.once("close", stop);
  return server;
}

async function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const advice = "set SINTONIA_PAGE_ADDRESS to a free address of this machine";
    throw new UserError(`the page cannot listen on ${addressOf(host, port)}: ${systemReasonOf(error)}; ${advice}`);
  }
  // Ignored: a fault of a connection after the start concerns its client alone.
  server.on("error", () => undefined);
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

interface Site extends PageContext, PageOptions {
  readonly files: SendFile;
  readonly cookie: SessionCookie;
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  setSecurityHeaders(response);
  try {
    requireOwnSite(request, site.names);
    await dispatch(site, request, response);
  } catch (error) {
    refuse(site.logger, response, error);
  }
}

async function dispatch(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://page");
  if (url.pathname === SESSION_PATH) return await answerSession(site, request, response);
  if (url.pathname.startsWith(`${API_PREFIX}/`)) {
    const authorization = authorizationOf(request.headers, site.cookie);
    const evidence: Omit<Evidence, "vouched"> = { authorization, subject: subjectOf(request.socket as TLSSocket) };
    const { call, keepAliveMs, updateIntervalMs } = site;
    return await answerApi(call, { request, response, url, evidence, keepAliveMs, updateIntervalMs });
  }
  answerFile(site.files, request, response);
}

/** Returns the subject of a client's certificate that an authority of the server has issued. */
function subjectOf(socket: TLSSocket): Evidence["subject"] {
  if (socket.authorized !== true) return undefined;
  return socket.getPeerCertificate().subject as Evidence["subject"];
}

function answerFile(files: SendFile, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
    return;
  }
  files(request, response, () => void response.writeHead(404, { "Cache-Control": "no-store" }).end());
}

/** Sends a refusal. Ends the connection of an answer that has begun. */
function refuse(logger: Logger, response: ServerResponse, error: unknown): void {
  const isGone = response.destroyed || (error instanceof Error && error.name === "AbortError");
  const refusal = httpError(error);
  if (refusal === undefined && !isGone) logger.error({ err: error }, "request of the page failed");
  if (isGone || response.headersSent) return void response.destroy();
  const { status, body, headers } = refusal ?? UNEXPECTED;
  sendJson(response, body, { status, headers });
}

const UNEXPECTED = {
  status: 500,
  body: {
    error: { code: "INTERNAL", message: "internal error; see the log of the service", reason: "INTERNAL", facts: {} },
  },
  headers: {},
};
