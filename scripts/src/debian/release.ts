import { existsSync, readFileSync } from "node:fs";

/** Returns the code name of this machine's release of Debian; undefined on another system. */
export function debianRelease(): string | undefined {
  const file = "/etc/os-release";
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return /^ID=debian$/m.test(text) ? /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] : undefined;
}
