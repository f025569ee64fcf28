// The distribution's package manager, where this user may install with it.

import { execFile, execFileSync } from "node:child_process";
import { findProgram } from "./programs.js";

/** Long enough for a package list and a package over a slow line. */
const INSTALL_MS = 300_000;

export interface PackageSystem {
  /** For people: "apt-get", "brew". */
  readonly name: string;
  /**
   * Installs a package.
   *
   * @returns whether it was installed; the reason why not goes to `report`
   */
  install(name: string): Promise<boolean>;
}

/**
 * The package system of this machine, or undefined where there is none that this user may use without being asked for a
 * password.
 *
 * @param report - receives one line before an installation and one after a failure
 */
export function findPackageSystem(report: (line: string) => void): PackageSystem | undefined {
  const apt = findProgram("apt-get");
  const rights = apt === undefined ? undefined : rootRights();
  if (apt !== undefined && rights !== undefined)
    return aptSystem([...rights, "env", "DEBIAN_FRONTEND=noninteractive", apt], report);
  const brew = findProgram("brew");
  return brew === undefined ? undefined : brewSystem(brew, report);
}

/** Words to put in front of a command to run it as root; undefined if that would ask for a password. */
function rootRights(): string[] | undefined {
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

function aptSystem(apt: readonly string[], report: (line: string) => void): PackageSystem {
  const get = (...args: string[]): Promise<string | undefined> => run([...apt, ...args]);
  return {
    name: "apt-get",
    async install(name) {
      report(`installing the package ${name} with apt-get`);
      const args = ["install", "--yes", "--no-install-recommends", name];
      // A fresh machine has no package list yet, or one that is too old.
      const failure = (await get(...args)) && ((await get("update")) ?? (await get(...args)));
      if (failure) report(`could not install ${name}: ${failure}`);
      return !failure;
    },
  };
}

function brewSystem(brew: string, report: (line: string) => void): PackageSystem {
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

/** Runs a command. @returns undefined if it succeeded, else the last line that says why not */
function run([command, ...args]: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command as string, args, { timeout: INSTALL_MS, maxBuffer: 16 << 20 }, (error, _, stderr) => {
      if (error === null) return resolve(undefined);
      resolve(stderr.trim().split("\n").at(-1) || error.message);
    });
  });
}
