import { isAtLeast, type Version } from "./version.js";

/** The first version that knows `sync_interval`; an older one refuses to start with it. */
const SYNC_INTERVAL_SINCE: Version = [2, 10, 0];

export interface ServerSettings {
  readonly version: Version;
  /** Address to listen on. */
  readonly host: string;
  readonly port: number;
  /** Folder of the JetStream store. */
  readonly storeDir: string;
}

/** The text of a nats-server configuration file for one run: JetStream, nothing that listens beyond its one port. */
export function serverConfig({ version, host, port, storeDir }: ServerSettings): string {
  const jetstream = [`  store_dir: ${JSON.stringify(storeDir)}`];
  if (isAtLeast(version, SYNC_INTERVAL_SINCE)) {
    // A study's log is small, and an event that was acknowledged must outlive a power cut.
    jetstream.push("  sync_interval: always");
  }
  return [`host: ${JSON.stringify(host)}`, `port: ${port}`, "jetstream {", ...jetstream, "}", ""].join("\n");
}
