import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { runStep } from "../steps/program.js";
import { home, programsEnvironment } from "./home.js";

/** Certificates that this machine trusts. Debian's packages have theirs at the same place. */
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Packages beyond the smallest Debian: Node needs the first, npm the second. */
const INCLUDED = ["libstdc++6", "ca-certificates", "nats-server"];

/** The environment of the base image. */
export const BASE_ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  NODE_EXTRA_CA_CERTS: CERTIFICATES,
} as const;

/** The base image of the tests' own engine: Debian, nats-server, and this Node and its npm. */
export interface BaseImage {
  /** Name and tag, which stands for the content. */
  readonly name: string;
  /** A tar archive of the file system. */
  readonly archive: string;
}

/**
 * Describes the base image for this Node, this release of Debian and the certificates of this
 * machine.
 *
 * @param release - code name of the release, such as "bookworm"
 */
export function baseImage(release: string): BaseImage {
  const certificates = existsSync(CERTIFICATES) ? readFileSync(CERTIFICATES) : "";
  const digest = createHash("sha256").update(certificates).update(INCLUDED.join()).digest("hex").slice(0, 8);
  const tag = `${release}-node${process.versions.node}-${digest}`;
  return { name: `sintonia-base:${tag}`, archive: join(home.folder, `base-${tag}.tar`) };
}

/**
 * Makes the archive of a base image. Takes about a minute.
 *
 * @throws {StepError} if Debian's packages cannot be had, or this process may not install them
 */
export function makeBaseImage({ archive }: BaseImage, release: string): void {
  const folder = mkdtempSync(join(dirname(archive), "partial-"));
  const root = join(folder, "root");
  try {
    bootstrap(root, release);
    copyNode(join(root, "usr/local"));
    if (existsSync(CERTIFICATES)) cpSync(CERTIFICATES, join(root, CERTIFICATES));
    const partial = join(folder, "base.tar");
    const excluded = ["./var/cache/apt", "./var/lib/apt/lists"].map((path) => `--exclude=${path}/*`);
    runStep("base image", "tar", ["--directory", root, "--create", "--file", partial, ...excluded, "."]);
    renameSync(partial, archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a mount namespace of its own, an interrupted debootstrap leaves no mount below the folder. */
function bootstrap(root: string, release: string): void {
  const command = ["debootstrap", "--variant=minbase", `--include=${INCLUDED.join()}`, release, root];
  runStep("base image", "unshare", ["--mount", ...command], { env: programsEnvironment() });
}

/** Copies node and npm to where the images of Docker Hub have them. */
function copyNode(prefix: string): void {
  const npm = join(dirname(dirname(process.execPath)), "lib", "node_modules", "npm");
  mkdirSync(join(prefix, "lib", "node_modules"), { recursive: true });
  cpSync(process.execPath, join(prefix, "bin", "node"));
  cpSync(npm, join(prefix, "lib", "node_modules", "npm"), { recursive: true, verbatimSymlinks: true });
  for (const name of ["npm", "npx"])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(prefix, "bin", name));
}
