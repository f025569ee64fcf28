import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runStep } from "../steps/program.js";
import { PACKAGES } from "./home.js";

/**
 * Downloads and unpacks the packages into a folder. Installs nothing on the machine.
 *
 * @throws {StepError} if a package cannot be downloaded or unpacked
 */
export function unpackPackages(folder: string): void {
  const partial = mkdtempSync(join(dirname(folder), "partial-"));
  try {
    download(partial);
    const files = readdirSync(partial).filter((name) => name.endsWith(".deb"));
    const content = join(partial, "content");
    for (const file of files) runStep("Docker engine", "dpkg-deb", ["--extract", join(partial, file), content]);
    renameSync(content, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Root downloads as root: apt's own user may not write below the home folder of another. */
function download(folder: string): void {
  const asRoot = ["-o", "APT::Sandbox::User=root"];
  runStep("Docker engine", "apt-get", [...asRoot, "update"]);
  runStep("Docker engine", "apt-get", [...asRoot, "download", ...PACKAGES], { cwd: folder });
}
