// How a client of the coordinator identifies itself, and whom it believes to be the coordinator.

import { rootCertificates } from "node:tls";
import { type ChannelCredentials, experimental } from "@grpc/grpc-js";
import { type ClientMiddleware, type ClientMiddlewareCall, Metadata } from "nice-grpc-common";
import { type Config, oneOf, text } from "../../config.js";
import { systemReasonOf, UserError } from "../../errors.js";
import { WatchedCertificates } from "./certificates.js";
import { isLoopback } from "./server-security.js";
import { parseToken } from "./token-list.js";
import { WatchedFile } from "./watched-file.js";

const PREFIX = "SINTONIA_COORDINATOR_";

/** Variables of a client of the coordinator. */
export const CLIENT_SECURITY_VARIABLES = {
  coordinatorTls: {
    ...oneOf(["on", "off"]),
    name: "SINTONIA_COORDINATOR_TLS",
    optional: true,
    doc: "Encryption of calls; on by default with an authority or a certificate. off sends tokens in clear text.",
  },
  coordinatorCaFile: {
    ...text("a file"),
    name: "SINTONIA_COORDINATOR_CA_FILE",
    optional: true,
    doc: "Authorities, in PEM, that the coordinator must have its certificate from; the public ones if unset.",
  },
  coordinatorCertFile: {
    ...text("a file"),
    name: "SINTONIA_COORDINATOR_CERT_FILE",
    optional: true,
    doc: "Certificate with which this client identifies itself, in PEM; needs the key. Read again when it changes.",
  },
  coordinatorKeyFile: {
    ...text("a file"),
    name: "SINTONIA_COORDINATOR_KEY_FILE",
    optional: true,
    doc: "Private key of the client's certificate, in PEM.",
  },
  coordinatorTokenFile: {
    ...text("a file"),
    name: "SINTONIA_COORDINATOR_TOKEN_FILE",
    optional: true,
    doc: "File with the bearer token of this client. Read again when it changes.",
  },
} as const;

/** The settings of a client's identity. */
export type ClientSecuritySettings = Partial<Config<typeof CLIENT_SECURITY_VARIABLES>>;

/** Encryption and identity of a client. */
export interface ClientSecurity {
  /** Undefined for calls without encryption. */
  readonly credentials?: ChannelCredentials;
  /** Returns the present bearer token. Undefined if the client has none. */
  readonly token?: () => string;
}

/**
 * Returns an environment without the address of the coordinator and the identity of its client, for
 * processes that need none.
 */
export function withoutCoordinator(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(PREFIX)));
}

/**
 * Returns the security that settings describe.
 *
 * @param addresses - "host:port" of each coordinator, with commas between them
 * @throws {UserError} if a file cannot be used, if the settings are incomplete, or if a token would
 *   leave this machine in clear text
 */
export function clientSecurity(settings: ClientSecuritySettings, addresses: string): ClientSecurity {
  const { coordinatorCertFile: certificate, coordinatorKeyFile: key, coordinatorTokenFile: tokenFile } = settings;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new UserError(
      `${PREFIX}CERT_FILE and ${PREFIX}KEY_FILE (--cert-file and --key-file) belong together; set both or none`,
    );
  }
  const credentials = wantsTls(settings) ? channelCredentials(settings) : undefined;
  if (tokenFile === undefined) return credentials === undefined ? {} : { credentials };
  if (credentials === undefined && settings.coordinatorTls !== "off") requireLoopback(addresses);
  const token = openToken(tokenFile);
  return { token: () => token.value, ...(credentials === undefined ? {} : { credentials }) };
}

function wantsTls({ coordinatorTls, coordinatorCaFile, coordinatorCertFile }: ClientSecuritySettings): boolean {
  if (coordinatorTls !== undefined) return coordinatorTls === "on";
  return coordinatorCaFile !== undefined || coordinatorCertFile !== undefined;
}

function channelCredentials(settings: ClientSecuritySettings): ChannelCredentials {
  const { coordinatorCaFile: ca, coordinatorCertFile: certificate, coordinatorKeyFile: key } = settings;
  // Ignored: the next call with certificates that have expired fails with that reason.
  const certificates = new WatchedCertificates({ ca, certificate, key }, () => undefined);
  const roots = ca === undefined ? PUBLIC_AUTHORITIES : certificates;
  return experimental.createCertificateProviderChannelCredentials(
    roots,
    certificate === undefined ? null : certificates,
  );
}

/** The authorities that Node trusts. They never change. */
const PUBLIC_AUTHORITIES: experimental.CertificateProvider = {
  addCaCertificateListener: (listener) =>
    process.nextTick(listener, { caCertificate: Buffer.from(rootCertificates.join("\n")) }),
  removeCaCertificateListener: () => undefined,
  addIdentityCertificateListener: (listener) => process.nextTick(listener, null),
  removeIdentityCertificateListener: () => undefined,
};

function requireLoopback(addresses: string): void {
  const remote = addresses.split(",").find((address) => !isLoopback(address.trim().replace(/:\d+$/, "")));
  if (remote === undefined) return;
  throw new UserError(
    `the token for the coordinator at ${remote} would travel in clear text; ` +
      `set ${PREFIX}CA_FILE, or ${PREFIX}TLS=on for a public certificate`,
  );
}

function openToken(path: string): WatchedFile<string> {
  try {
    // Ignored: the coordinator refuses the old token, if it has been replaced there.
    return new WatchedFile(path, { parse: parseToken, onFault: () => undefined });
  } catch (error) {
    throw new UserError(`cannot use the token in ${path}: ${systemReasonOf(error)}`, { cause: error });
  }
}

/** Returns the middleware that adds a bearer token to every call. */
export function bearerMiddleware(token: () => string): ClientMiddleware {
  return async function* addToken<Request, Response>(
    call: ClientMiddlewareCall<Request, Response>,
    options: Parameters<typeof call.next>[1],
  ) {
    const metadata = Metadata(options.metadata).set("authorization", `Bearer ${token()}`);
    return yield* call.next(call.request, { ...options, metadata });
  };
}
