import { execFileSync } from "node:child_process";
import type { PackageManager } from "../system/packages.js";
import { findProgram } from "../system/programs.js";
import type { NatsSearch } from "./find.js";

/** Time limit of one command. */
const COMMAND_MS = 5_000;

/**
 * Returns the search on this machine.
 *
 * @param env - NATS_URL names a server to use, SINTONIA_NATS_SERVER the path of nats-server
 * @param packages - undefined if nothing may be installed
 */
export function machineSearch(env: NodeJS.ProcessEnv, packages: PackageManager | undefined): NatsSearch {
  return {
    url: env["NATS_URL"] || undefined,
    findServer: () => env["SINTONIA_NATS_SERVER"] || findProgram("nats-server"),
    serverVersion: (path) => outputOf(path, "--version"),
    packages,
    hasDocker: () => outputOf("docker", "info", "--format", "{{.ServerVersion}}") !== undefined,
    platform: process.platform,
  };
}

/** Runs a command. Returns its standard output, undefined if it fails. */
function outputOf(command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: "utf8", timeout: COMMAND_MS, stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
