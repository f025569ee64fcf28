// Programs that set the packet filter of Linux, for the tests of network policies.

import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { unpackPackages } from "./packages.js";
import { debianRelease } from "./release.js";

/** The programs, and libraries that small installations lack. */
const PACKAGES = [
  "iptables",
  "ipset",
  "libip4tc2",
  "libip6tc2",
  "libipset13",
  "libmnl0",
  "libnetfilter-conntrack3",
  "libnfnetlink0",
  "libnftnl11",
  "libxtables12",
] as const;

const FOLDER = fileURLToPath(new URL("../../../.cache/packet-filter", import.meta.url));
/** Names that Debian gives the program for both protocols when it is installed. */
const NAMES = ["iptables", "ip6tables"].flatMap((name) => [name, `${name}-save`, `${name}-restore`]);
/** Debian names the folders of its libraries after the processor. */
const LIBRARIES = ["x86_64", "aarch64"].flatMap((name) =>
  ["usr/lib", "lib"].map((folder) => join(FOLDER, folder, `${name}-linux-gnu`)),
);

/**
 * Unpacks the programs into the cache of this checkout, unless they are there.
 *
 * @returns one line: where they are, or why there are none
 * @throws {StepError} if a package cannot be had
 */
export function preparePacketFilter(): string {
  if (!existsSync(FOLDER)) {
    if (debianRelease() === undefined || process.getuid?.() !== 0)
      return "no programs for the packet filter: only root on Debian unpacks them";
    mkdirSync(dirname(FOLDER), { recursive: true });
    unpackPackages(FOLDER, { title: "packet filter", packages: PACKAGES });
    for (const name of NAMES) symlinkSync("xtables-nft-multi", join(FOLDER, "usr/sbin", name));
  }
  return `packet filter from ${FOLDER}`;
}

/** Returns the environment of a process that uses the programs; undefined if they are not there. */
export function packetFilterEnvironment(): Readonly<Record<string, string>> | undefined {
  if (!existsSync(FOLDER)) return undefined;
  return {
    PATH: [join(FOLDER, "usr/sbin"), process.env["PATH"]].join(":"),
    LD_LIBRARY_PATH: LIBRARIES.join(":"),
    XTABLES_LIBDIR: LIBRARIES.map((folder) => join(folder, "xtables")).join(":"),
  };
}
