import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the tests' own Docker engine. Deleting it frees the space. */
const HOME = fileURLToPath(new URL("../../../.cache/docker", import.meta.url));

/**
 * Debian packages of a Docker engine, of debootstrap, and of networks for pods, and libraries that
 * small installations lack.
 */
export const PACKAGES = [
  "docker.io",
  "containerd",
  "runc",
  "containernetworking-plugins",
  "debootstrap",
  "libseccomp2",
  "libdevmapper1.02.1",
] as const;

/** Files of the tests' own Docker engine. */
export const home = {
  /** The folder of all of them. */
  folder: HOME,
  /** Unpacked packages of Debian. The folder gets its name, of their list, once it is complete. */
  programs: join(HOME, `programs-${createHash("sha256").update(PACKAGES.join()).digest("hex").slice(0, 8)}`),
  /** Images and their layers, kept between runs. */
  data: join(HOME, "data"),
  /** File that the engine which uses the images locks. */
  lock: join(HOME, "lock"),
} as const;

/** Environment of a process that runs the unpacked programs. */
export function programsEnvironment(): Readonly<Record<string, string>> {
  const { programs } = home;
  const folders = ["usr/sbin", "usr/bin"].map((folder) => join(programs, folder));
  return {
    PATH: [...folders, process.env["PATH"]].join(":"),
    // Debian names the folders of its libraries after the processor.
    LD_LIBRARY_PATH: ["x86_64", "aarch64"].map((name) => join(programs, `usr/lib/${name}-linux-gnu`)).join(":"),
    DEBOOTSTRAP_DIR: join(programs, "usr/share/debootstrap"),
  };
}
