import { writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import type { Program } from "../system/process/child-process.js";
import type { NatsSource } from "./find.js";
import { type NatsUser, serverConfig } from "./server-config.js";

/** Port and paths inside the container, the same for every run. */
const CONTAINER_PORT = 4222;
const CONTAINER_STORE = "/data";
const CONTAINER_CONFIG = "/etc/sintonia-nats.conf";

/** Loopback port and absolute paths of a server. */
export interface ServerPaths {
  /** Free loopback port. */
  readonly port: number;
  readonly configPath: string;
  readonly storeDir: string;
  readonly logPath: string;
  readonly users: readonly NatsUser[];
}

/** Returns the name of a run's container. The port makes it unique on this machine. */
export function containerName(port: number): string {
  return `sintonia-nats-${port}`;
}

/** Writes the server's configuration file, and returns the program that starts the server. */
export function serverProgram(source: Exclude<NatsSource, { kind: "external" }>, paths: ServerPaths): Program {
  const { port, configPath, storeDir, logPath, users } = paths;
  const base = { name: "nats-server", env: process.env, logPath };
  if (source.kind === "binary") {
    writeFileSync(configPath, serverConfig({ version: source.version, host: "127.0.0.1", port, storeDir, users }));
    return { ...base, command: source.path, args: ["--config", configPath] };
  }
  const inside = { version: source.version, host: "0.0.0.0", port: CONTAINER_PORT, storeDir: CONTAINER_STORE, users };
  writeFileSync(configPath, serverConfig(inside));
  return { ...base, command: "docker", args: dockerArgs(source.image, paths) };
}

function dockerArgs(image: string, { port, configPath, storeDir }: ServerPaths): string[] {
  const { uid, gid } = userInfo();
  return [
    "run",
    "--rm",
    `--name=${containerName(port)}`,
    `--publish=127.0.0.1:${port}:${CONTAINER_PORT}`,
    // The files of the store then belong to this user, not to the container's.
    `--user=${uid}:${gid}`,
    `--volume=${storeDir}:${CONTAINER_STORE}`,
    `--volume=${configPath}:${CONTAINER_CONFIG}:ro`,
    image,
    "--config",
    CONTAINER_CONFIG,
  ];
}
