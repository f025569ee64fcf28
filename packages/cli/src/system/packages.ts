// The package manager of this machine, if this user may install packages without a password.

import { execFile, execFileSync } from "node:child_process";
import { findProgram } from "./programs.js";

/** Time limit of one command: enough for a package list and a package over a slow connection. */
const INSTALL_MS = 300_000;

/** A package manager that this user may use. */
export interface PackageManager {
  /** Name of the program: "apt-get" or "brew". */
  readonly name: string;
  /**
   * Installs a package. Reports the reason if this fails.
   *
   * @returns true if the package was installed
   */
  install(name: string): Promise<boolean>;
}

/**
 * Finds the package manager of this machine.
 *
 * @param report - receives one line before an installation and one after a failure
 * @returns undefined if this user may use none without a password
 */
export function findPackageManager(report: (line: string) => void): PackageManager | undefined {
  const apt = findProgram("apt-get");
  const asRoot = apt === undefined ? undefined : rootPrefix();
  if (apt !== undefined && asRoot !== undefined)
    return aptManager([...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", apt], report);
  const brew = findProgram("brew");
  return brew === undefined ? undefined : brewManager(brew, report);
}

/**
 * Returns the words that run a command as root when put before it; undefined if sudo would ask for
 * a password.
 */
function rootPrefix(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  const sudo = findProgram("sudo");
  if (sudo === undefined) return undefined;
  try {
    execFileSync(sudo, ["-n", "true"], { stdio: "ignore", timeout: 5_000 });
    return [sudo, "-n"];
  } catch {
    return undefined;
  }
}

function aptManager(apt: readonly string[], report: (line: string) => void): PackageManager {
  const get = (...args: string[]): Promise<string | undefined> => run([...apt, ...args]);
  return {
    name: "apt-get",
    async install(name) {
      report(`installing the package ${name} with apt-get`);
      const args = ["install", "--yes", "--no-install-recommends", name];
      // On a fresh machine the package list is missing or too old: update it and try once more.
      const failure = (await get(...args)) && ((await get("update")) ?? (await get(...args)));
      if (failure) report(`could not install ${name}: ${failure}`);
      return !failure;
    },
  };
}

function brewManager(brew: string, report: (line: string) => void): PackageManager {
  return {
    name: "brew",
    async install(name) {
      report(`installing the package ${name} with brew`);
      const failure = await run([brew, "install", "--quiet", name]);
      if (failure !== undefined) report(`could not install ${name}: ${failure}`);
      return failure === undefined;
    },
  };
}

/** Runs a command. Returns undefined if it succeeded, else the last line of its standard error. */
function run([command, ...args]: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command as string, args, { timeout: INSTALL_MS, maxBuffer: 16 << 20 }, (error, _, stderr) => {
      if (error === null) return resolve(undefined);
      resolve(stderr.trim().split("\n").at(-1) || error.message);
    });
  });
}
