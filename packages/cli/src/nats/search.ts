import { execFileSync } from "node:child_process";
import type { PackageSystem } from "../system/packages.js";
import { findProgram } from "../system/programs.js";
import type { NatsSearch } from "./find.js";

const COMMAND_MS = 5_000;

/** Looks on this machine. `env` gives NATS_URL, SINTONIA_NATS_SERVER and the PATH. */
export function machineSearch(env: NodeJS.ProcessEnv, packages: PackageSystem | undefined): NatsSearch {
  return {
    url: env["NATS_URL"] || undefined,
    findServer: () => env["SINTONIA_NATS_SERVER"] || findProgram("nats-server"),
    serverVersion: (path) => outputOf(path, "--version"),
    packages,
    hasDocker: () => outputOf("docker", "info", "--format", "{{.ServerVersion}}") !== undefined,
    platform: process.platform,
  };
}

/** What a command prints, or undefined if it fails. */
function outputOf(command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: "utf8", timeout: COMMAND_MS, stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
