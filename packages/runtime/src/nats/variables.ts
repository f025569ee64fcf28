import { z } from "zod";
import { integerBetween, type Kind, matching, secret, text } from "../config.js";
import { DEFAULT_PREFIX, PREFIX_EXPECTED, PREFIX_FORM } from "./names.js";
import { ACCEPTED_SERVERS, type NatsServers, parseServers } from "./servers.js";

/** Variables of the connection to NATS, which every service reads. */
export const NATS_VARIABLES = {
  natsUrl: {
    ...servers(),
    name: "SINTONIA_NATS_URL",
    default: "nats://127.0.0.1:4222",
    secret: true,
    doc: "NATS servers with JetStream.",
  },
  natsStartMs: {
    ...integerBetween(0, 3_600_000),
    name: "SINTONIA_NATS_START_MS",
    default: "30000",
    doc: "Time limit of the first connection to NATS, in milliseconds.",
  },
  natsUser: {
    ...text("a name"),
    name: "SINTONIA_NATS_USER",
    optional: true,
    doc: "User of NATS; needs the password. Replaces a login in the URL.",
  },
  natsPassword: {
    ...secret("a password"),
    name: "SINTONIA_NATS_PASSWORD",
    optional: true,
    doc: "Password of the user of NATS.",
  },
  natsToken: { ...secret("a token"), name: "SINTONIA_NATS_TOKEN", optional: true, doc: "Token for NATS." },
  natsNkey: {
    ...secret("the seed of a user's nkey"),
    name: "SINTONIA_NATS_NKEY",
    optional: true,
    doc: "Seed of the nkey that identifies this client to NATS.",
  },
  natsCredentials: {
    ...secret("the content of a .creds file"),
    name: "SINTONIA_NATS_CREDENTIALS",
    optional: true,
    doc: "Credentials with a JWT and its nkey; usually given as a file.",
  },
  natsPrefix: {
    ...matching(PREFIX_FORM, PREFIX_EXPECTED),
    name: "SINTONIA_NATS_PREFIX",
    default: DEFAULT_PREFIX,
    doc: "Beginning of the names of streams and subjects; one for each installation in an account of NATS.",
  },
  natsTlsCaFile: {
    ...text("a file"),
    name: "SINTONIA_NATS_TLS_CA_FILE",
    optional: true,
    doc: "Certificates of the authorities, in PEM, that NATS must have its certificate from. Requires TLS.",
  },
  natsTlsCertFile: {
    ...text("a file"),
    name: "SINTONIA_NATS_TLS_CERT_FILE",
    optional: true,
    doc: "Certificate of this client, in PEM; needs the key. Requires TLS.",
  },
  natsTlsKeyFile: {
    ...text("a file"),
    name: "SINTONIA_NATS_TLS_KEY_FILE",
    optional: true,
    doc: "Private key of the client's certificate, in PEM.",
  },
} as const;

const PREFIX = "SINTONIA_NATS_";

/**
 * Returns an environment without the address and the login of NATS, for processes that need none.
 */
export function withoutNats(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(PREFIX)));
}

function servers(): Kind<NatsServers> {
  const schema = z.string().transform((list, context): NatsServers => {
    try {
      return parseServers(list);
    } catch {
      context.addIssue({ code: "custom" });
      return z.NEVER;
    }
  });
  return { schema, accepts: ACCEPTED_SERVERS };
}
