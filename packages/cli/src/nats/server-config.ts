import { DEFAULT_NAMES, type NatsNames, type NatsRole } from "@sintonia/runtime/nats/names";
import { permissionsOf } from "@sintonia/runtime/nats/permissions";
import { isAtLeast, type Version } from "./version.js";

/** First version with `sync_interval`. Older ones refuse to start with this setting. */
const SYNC_INTERVAL_SINCE: Version = [2, 10, 0];

/** A user of the server, with the permissions of its role. */
export interface NatsUser {
  readonly role: NatsRole;
  /** Public key; its seed identifies the user. */
  readonly nkey: string;
}

/** Returns users as the configuration of nats-server has them: each may do what its role needs. */
export function permitted(users: readonly NatsUser[], names: NatsNames) {
  return users.map(({ role, nkey }) => ({ nkey, permissions: permissionsOf(names, role) }));
}

interface ServerSettings {
  readonly version: Version;
  /** Address to bind. */
  readonly host: string;
  readonly port: number;
  /** Folder of the JetStream store. */
  readonly storeDir: string;
  /** The only users that the server lets in. */
  readonly users: readonly NatsUser[];
}

/**
 * Returns the nats-server configuration file of a run: JetStream, one client port, no monitoring or
 * cluster port.
 */
export function serverConfig({ version, host, port, storeDir, users }: ServerSettings): string {
  const jetstream = [`  store_dir: ${JSON.stringify(storeDir)}`];
  if (isAtLeast(version, SYNC_INTERVAL_SINCE)) {
    // Sync every write: an acknowledged event must survive a power failure, and a study's log is
    // small.
    jetstream.push("  sync_interval: always");
  }
  const authorization = `authorization { users: ${JSON.stringify(permitted(users, DEFAULT_NAMES))} }`;
  return [`host: ${JSON.stringify(host)}`, `port: ${port}`, "jetstream {", ...jetstream, "}", authorization, ""].join(
    "\n",
  );
}
