import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the tests' own Docker engine. Deleting it frees the space. */
const HOME = fileURLToPath(new URL("../../../.cache/docker", import.meta.url));

/** Files of the tests' own Docker engine. */
export const home = {
  /** The folder of all of them. */
  folder: HOME,
  /** Unpacked packages of Debian. The folder gets its name once it is complete. */
  programs: join(HOME, "programs"),
  /** Images and their layers, kept between runs. */
  data: join(HOME, "data"),
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
