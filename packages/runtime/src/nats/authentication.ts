import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { type ConnectionOptions, credsAuthenticator, nkeyAuthenticator } from "nats";
import type { Config } from "../config.js";
import { systemReasonOf, UserError } from "../errors.js";
import type { Login } from "./servers.js";
import type { NATS_VARIABLES } from "./variables.js";

/** The settings of a connection, as the variables of a service give them. */
export type NatsSettings = Pick<Config<typeof NATS_VARIABLES>, "natsUrl"> & Partial<Config<typeof NATS_VARIABLES>>;

/**
 * Returns the client's options that identify it.
 *
 * @throws {UserError} if the settings name several identities, or an incomplete or invalid one
 */
export function authentication(settings: NatsSettings): ConnectionOptions {
  const { natsUser, natsPassword, natsToken, natsNkey, natsCredentials, natsUrl } = settings;
  if ((natsUser === undefined) !== (natsPassword === undefined)) {
    throw new UserError("SINTONIA_NATS_USER and SINTONIA_NATS_PASSWORD belong together; set both or none");
  }
  const login = natsUser !== undefined && natsPassword !== undefined && { user: natsUser, password: natsPassword };
  const identities = [
    login && { name: "SINTONIA_NATS_USER", options: () => loginOptions(login) },
    natsToken && { name: "SINTONIA_NATS_TOKEN", options: () => loginOptions({ token: natsToken }) },
    natsNkey && { name: "SINTONIA_NATS_NKEY", options: () => nkeyOptions(natsNkey.reveal()) },
    natsCredentials && {
      name: "SINTONIA_NATS_CREDENTIALS",
      options: () => credentialsOptions(natsCredentials.reveal()),
    },
  ].flatMap((identity) => identity || []);
  if (identities.length > 1) {
    throw new UserError(`${identities.map(({ name }) => name).join(" and ")} exclude each other; set one of them`);
  }
  return identities[0]?.options() ?? (natsUrl.login === undefined ? {} : loginOptions(natsUrl.login));
}

function loginOptions(login: Login): ConnectionOptions {
  return "token" in login ? { token: login.token.reveal() } : { user: login.user, pass: login.password.reveal() };
}

/** Makes the authenticator, and signs once: the client would report a bad seed as an outage. */
function nkeyOptions(seed: string): ConnectionOptions {
  const authenticator = nkeyAuthenticator(new TextEncoder().encode(seed));
  try {
    authenticator("nonce");
  } catch (error) {
    throw new UserError("SINTONIA_NATS_NKEY is no seed of a user's nkey, which starts with SU", { cause: error });
  }
  return { authenticator };
}

/** Ends the text with a line end, without which the client does not find the seed. */
function credentialsOptions(content: string): ConnectionOptions {
  try {
    const authenticator = credsAuthenticator(new TextEncoder().encode(`${content}\n`));
    authenticator("nonce");
    return { authenticator };
  } catch (error) {
    throw new UserError("SINTONIA_NATS_CREDENTIALS is no content of a .creds file, which has a JWT and a seed", {
      cause: error,
    });
  }
}

/**
 * Returns the client's options for TLS. The client reads the files again at each reconnect, so that
 * renewed certificates need no restart.
 *
 * @throws {UserError} if a file cannot be read, or if a certificate has no key
 */
export async function encryption(settings: NatsSettings): Promise<ConnectionOptions> {
  const { natsUrl, natsTlsCaFile: caFile, natsTlsCertFile: certFile, natsTlsKeyFile: keyFile } = settings;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new UserError("SINTONIA_NATS_TLS_CERT_FILE and SINTONIA_NATS_TLS_KEY_FILE belong together; set both or none");
  }
  const files = Object.entries({ caFile, certFile, keyFile }).flatMap(([option, path]) =>
    path === undefined ? [] : [[option, path] as const],
  );
  for (const [, path] of files) await requireReadable(path);
  if (files.length === 0 && !natsUrl.tls) return {};
  // The type of the client's options does not name it; the client passes it on to Node.
  const tls: object = { ...Object.fromEntries(files), checkServerIdentity: identityCheck(natsUrl.addresses) };
  return { tls };
}

/**
 * Returns the check that a certificate names the host of the URL. For an IP address the client
 * tells Node no name, so that Node would check for "localhost".
 */
function identityCheck(addresses: readonly string[]): typeof checkServerIdentity {
  const hosts = addresses.map((address) => new URL(`nats://${address}`).hostname.replace(/^\[|\]$/g, ""));
  const numbers = hosts.filter((host) => isIP(host) !== 0);
  return (name, certificate) => {
    const isNamed = name !== "localhost" || numbers.length === 0;
    const allowed = isNamed ? [name] : hosts.filter((host) => host === name || isIP(host) !== 0);
    const faults = allowed.map((host) => checkServerIdentity(host, certificate));
    return faults.includes(undefined) ? undefined : faults[0];
  };
}

async function requireReadable(path: string): Promise<void> {
  await readFile(path).catch((error: Error) => {
    throw new UserError(`cannot read the file for TLS to NATS ${path}: ${systemReasonOf(error)}`, { cause: error });
  });
}
