// The door of NATS: whoever may publish to the study logs decides what the studies are.

import { type Config, oneOf } from "../../config.js";
import { UserError } from "../../errors.js";
import { isLoopback } from "../../grpc/security/server-security.js";
import type { Logger } from "../../logger.js";

/** The variable that says what a coordinator asks of its NATS. */
export const NATS_ACCESS_VARIABLES = {
  natsSecurity: {
    ...oneOf(["required", "development", "insecure"]),
    name: "SINTONIA_NATS_SECURITY",
    default: "required",
    doc:
      "required: NATS lets in only clients with a login or a certificate. development: on loopback anybody. " +
      "insecure: anybody, for a network that others guard.",
  },
} as const;

/** The settings of a coordinator about the door of NATS. */
type NatsAccessSettings = Config<typeof NATS_ACCESS_VARIABLES>;

/** What a connection shows of its server. */
export interface NatsDoor {
  /** The server's address, "host:port". */
  getServer(): string;
  /** What the server said of itself; undefined before the first connection. */
  readonly info?: { readonly auth_required?: boolean; readonly tls_verify?: boolean } | undefined;
}

/**
 * Checks that NATS lets in only clients that it knows.
 *
 * @throws {UserError} if it lets everybody in, and the settings do not allow that
 */
export function requireNatsLogin(nats: NatsDoor, { natsSecurity }: NatsAccessSettings, logger: Logger): void {
  if (nats.info?.auth_required === true || nats.info?.tls_verify === true) return;
  const server = nats.getServer();
  const isLocal = isLoopback(server.slice(0, server.lastIndexOf(":")));
  if (natsSecurity === "required" || (natsSecurity === "development" && !isLocal)) {
    const [mode, where] = isLocal ? ["development", "on loopback"] : ["insecure", "in a network that others guard"];
    throw new UserError(
      `NATS at ${server} asks for no login, so that whoever reaches it can write study logs; give it users with ` +
        `"sintonia nats-users", or SINTONIA_NATS_SECURITY=${mode} allows that ${where}`,
    );
  }
  logger.warn({ server }, "nats lets everybody in, who can write study logs; see docs/security.md");
}
