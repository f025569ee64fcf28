import { isAtLeast, type Version } from "./version.js";

/** First version with `sync_interval`. Older ones refuse to start with this setting. */
const SYNC_INTERVAL_SINCE: Version = [2, 10, 0];

interface ServerSettings {
  readonly version: Version;
  /** Address to bind. */
  readonly host: string;
  readonly port: number;
  /** Folder of the JetStream store. */
  readonly storeDir: string;
}

/**
 * Returns the nats-server configuration file of a run: JetStream, one client port, no monitoring or
 * cluster port.
 */
export function serverConfig({ version, host, port, storeDir }: ServerSettings): string {
  const jetstream = [`  store_dir: ${JSON.stringify(storeDir)}`];
  if (isAtLeast(version, SYNC_INTERVAL_SINCE)) {
    // Sync every write: an acknowledged event must survive a power failure, and a study's log is
    // small.
    jetstream.push("  sync_interval: always");
  }
  return [`host: ${JSON.stringify(host)}`, `port: ${port}`, "jetstream {", ...jetstream, "}", ""].join("\n");
}
