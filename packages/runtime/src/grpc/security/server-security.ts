// The settings of a server's doors: encryption, and how callers identify themselves.

import { experimental, type ServerCredentials } from "@grpc/grpc-js";
import { type Caller, isCallerName, isRole, ROLES } from "@sintonia/protocol/caller";
import { systemClock } from "../../clock.js";
import { type Config, oneOf, text } from "../../config.js";
import { messageOf, systemReasonOf, UserError } from "../../errors.js";
import type { Logger } from "../../logger.js";
import type { Doors, Evidence, Identification } from "./authentication.js";
import { WatchedCertificates } from "./certificates.js";
import { TokenList } from "./token-list.js";
import { WatchedFile } from "./watched-file.js";

/** Variables of a server that lets in only known callers. */
export const SERVER_SECURITY_VARIABLES = {
  grpcSecurity: {
    ...oneOf(["required", "development", "insecure"]),
    name: "SINTONIA_GRPC_SECURITY",
    default: "required",
    doc:
      "required: TLS, and tokens or client certificates. development: on loopback also without. " +
      "insecure: anywhere without, for a network that others guard.",
  },
  grpcTlsCertFile: {
    ...text("a file"),
    name: "SINTONIA_GRPC_TLS_CERT_FILE",
    optional: true,
    doc: "Certificate of the gRPC server with its chain, in PEM; needs the key. Read again when it changes.",
  },
  grpcTlsKeyFile: {
    ...text("a file"),
    name: "SINTONIA_GRPC_TLS_KEY_FILE",
    optional: true,
    doc: "Private key of the gRPC server's certificate, in PEM.",
  },
  grpcTlsClientCaFile: {
    ...text("a file"),
    name: "SINTONIA_GRPC_TLS_CLIENT_CA_FILE",
    optional: true,
    doc:
      "Authorities of client certificates, in PEM: CN names the caller, OU is operator, viewer or trainer. " +
      "A certificate with OU coordinator is that of another coordinator, which forwards calls.",
  },
  grpcTokensFile: {
    ...text("a file"),
    name: "SINTONIA_GRPC_TOKENS_FILE",
    optional: true,
    doc: "Bearer tokens, a line each as `sintonia token create` appends it. Read again when it changes.",
  },
} as const;

const NAMES: readonly string[] = Object.values(SERVER_SECURITY_VARIABLES).map(({ name }) => name);

/** Returns an environment without the settings of a server's doors. */
export function withoutServerSecurity(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !NAMES.includes(name)));
}

/** The settings of a server's doors. */
export type ServerSecuritySettings = Config<typeof SERVER_SECURITY_VARIABLES>;

/** Encryption and identification of a server. */
export interface ServerSecurity {
  /** Undefined for a server without encryption. */
  readonly credentials?: ServerCredentials;
  /** The same certificates, for a server beside that of gRPC. Undefined without encryption. */
  readonly certificates?: Pick<WatchedCertificates, "follow"> & {
    /** True if clients may have certificates too. */
    readonly requestsClient: boolean;
  };
  readonly identify: Doors["identify"];
}

/** OU of the certificate of a coordinator, which forwards the calls of other certificates. */
const COORDINATOR = "coordinator";

/** The caller of a server that asks nobody who they are. */
const ANYONE: Caller = { name: "anyone", role: "operator" };

/** Lets everybody make every call as an operator. For development on loopback. */
export const OPEN_DOORS: Doors = {
  identify: () => ({ caller: ANYONE }),
  access: () => ROLES,
  onRefused: () => undefined,
};

/**
 * Returns the doors that the settings describe.
 *
 * @param host - address that the server listens on
 * @throws {UserError} if the settings are incomplete, or less than the address needs
 */
export function serverSecurity(settings: ServerSecuritySettings, host: string, logger: Logger): ServerSecurity {
  const { grpcTlsCertFile: certificate, grpcTlsKeyFile: key, grpcTlsClientCaFile: ca } = settings;
  requirePairs(settings);
  requireEnough(settings, host);
  const tokens = settings.grpcTokensFile === undefined ? undefined : openTokens(settings.grpcTokensFile, logger);
  const isOpen = tokens === undefined && ca === undefined;
  if (isOpen) logger.warn({ host }, "grpc server lets everybody in; see docs/security.md");
  const identify = isOpen ? OPEN_DOORS.identify : identification(tokens, ca !== undefined);
  if (certificate === undefined) return { identify };
  const certificates = new WatchedCertificates({ ca, certificate, key }, (fault) => {
    if (fault === undefined) {
      logger.info("certificates of grpc server reloaded");
      warnOfInvalidity(certificates, certificate, logger);
    } else {
      logger.error({ reason: messageOf(fault) }, "certificates of grpc server not reloaded, the old ones stay");
    }
  });
  warnOfInvalidity(certificates, certificate, logger);
  const clientCa = ca === undefined ? null : certificates;
  // Without tokens a certificate is the only identification, so that TLS may insist on one.
  const isRequired = ca !== undefined && tokens === undefined;
  const credentials = experimental.createCertificateProviderServerCredentials(certificates, clientCa, isRequired);
  const follow: WatchedCertificates["follow"] = (listener) => certificates.follow(listener);
  return { credentials, certificates: { follow, requestsClient: ca !== undefined }, identify };
}

/** Warns of a certificate that clients refuse. It may be replaced while the server runs. */
function warnOfInvalidity(certificates: WatchedCertificates, path: string, logger: Logger): void {
  if (certificates.isValidAt(systemClock.wallTime())) return;
  logger.warn({ path }, "certificate of grpc server has expired or is not yet valid, clients refuse it");
}

function requirePairs({ grpcTlsCertFile: cert, grpcTlsKeyFile: key, grpcTlsClientCaFile: ca }: ServerSecuritySettings) {
  if ((cert === undefined) !== (key === undefined)) {
    throw new UserError("SINTONIA_GRPC_TLS_CERT_FILE and SINTONIA_GRPC_TLS_KEY_FILE belong together; set both or none");
  }
  if (ca !== undefined && cert === undefined) {
    throw new UserError("SINTONIA_GRPC_TLS_CLIENT_CA_FILE needs TLS; set SINTONIA_GRPC_TLS_CERT_FILE and its key");
  }
}

function requireEnough(settings: ServerSecuritySettings, host: string): void {
  const missing = [
    settings.grpcTlsCertFile === undefined && "TLS (SINTONIA_GRPC_TLS_CERT_FILE and SINTONIA_GRPC_TLS_KEY_FILE)",
    settings.grpcTokensFile === undefined &&
      settings.grpcTlsClientCaFile === undefined &&
      "authentication (SINTONIA_GRPC_TOKENS_FILE or SINTONIA_GRPC_TLS_CLIENT_CA_FILE)",
  ].filter((what) => what !== false);
  const { grpcSecurity } = settings;
  if (missing.length === 0 || grpcSecurity === "insecure") return;
  if (grpcSecurity === "development" && isLoopback(host)) return;
  const exception = isLoopback(host)
    ? "SINTONIA_GRPC_SECURITY=development allows that on loopback"
    : "SINTONIA_GRPC_SECURITY=insecure allows that in a network that others guard";
  throw new UserError(`the gRPC server on ${host} has no ${missing.join(" and no ")}; set it, or ${exception}`);
}

/** Returns true for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function openTokens(path: string, logger: Logger): WatchedFile<TokenList> {
  try {
    const tokens = new WatchedFile(path, {
      parse: TokenList.parse,
      onFault: (fault) => logger.error({ path, reason: fault.message }, "tokens not reloaded, the old ones stay"),
    });
    if (tokens.value.size === 0) logger.warn({ path }, "file of tokens has none, so that it lets nobody in");
    return tokens;
  } catch (error) {
    throw new UserError(`cannot use the file of tokens ${path}: ${systemReasonOf(error)}`, { cause: error });
  }
}

function identification(tokens: WatchedFile<TokenList> | undefined, acceptsCertificates: boolean): Doors["identify"] {
  return ({ authorization, subject, vouched }) => {
    if (tokens !== undefined && authorization !== undefined) return bearer(tokens.value, authorization);
    if (vouched !== undefined && subject?.["OU"] === COORDINATOR) return { caller: vouched };
    if (subject !== undefined) return holder(subject);
    const needs = [tokens && "a bearer token", acceptsCertificates && "a client certificate"].filter(Boolean);
    return { problem: `The coordinator does not know the caller: the call needs ${needs.join(" or ")}.` };
  };
}

function bearer(tokens: TokenList, authorization: string): Identification {
  const token = /^Bearer +(\S{1,200})$/i.exec(authorization)?.[1];
  const caller = token === undefined ? undefined : tokens.callerOf(token);
  return caller === undefined ? { problem: "The coordinator does not know the bearer token." } : { caller };
}

function holder({ CN: name, OU: role }: NonNullable<Evidence["subject"]>): Identification {
  if (typeof name === "string" && isCallerName(name) && typeof role === "string" && isRole(role)) {
    return { caller: { name, role }, hasCertificate: true };
  }
  return { problem: "The subject of the client certificate needs a name in CN, and a role in OU." };
}
