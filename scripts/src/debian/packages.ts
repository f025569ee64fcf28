import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runStep } from "../steps/program.js";

/** Debian packages, and what they are for. */
export interface PackageSet {
  /** Name for a person. */
  readonly title: string;
  readonly packages: readonly string[];
}

/**
 * Downloads and unpacks packages into a folder. Installs nothing on the machine.
 *
 * @throws {StepError} if a package cannot be downloaded or unpacked
 */
export function unpackPackages(folder: string, { title, packages }: PackageSet): void {
  const partial = mkdtempSync(join(dirname(folder), "partial-"));
  try {
    download(partial, { title, packages });
    const files = readdirSync(partial).filter((name) => name.endsWith(".deb"));
    const content = join(partial, "content");
    for (const file of files) runStep(title, "dpkg-deb", ["--extract", join(partial, file), content]);
    renameSync(content, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Root downloads as root: apt's own user may not write below the home folder of another. */
function download(folder: string, { title, packages }: PackageSet): void {
  const asRoot = ["-o", "APT::Sandbox::User=root"];
  runStep(title, "apt-get", [...asRoot, "update"]);
  runStep(title, "apt-get", [...asRoot, "download", ...packages], { cwd: folder });
}
