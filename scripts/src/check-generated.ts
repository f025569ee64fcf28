// Fails if proto/gen differs from the code that buf generates from the .proto files.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const proto = fileURLToPath(new URL("../../proto", import.meta.url));
const fresh = mkdtempSync(join(tmpdir(), "sintonia-proto-"));
try {
  buf("generate", "--output", fresh);
  buf("build", "--output", join(fresh, "gen", "sintonia.binpb"));
  const stale = differing(join(proto, "gen"), join(fresh, "gen"));
  if (stale.length > 0) {
    process.stderr.write(`error: generated code differs from its source; run npm run proto: ${stale.join(", ")}\n`);
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function buf(...args: string[]): void {
  execFileSync(join(proto, "..", "node_modules", ".bin", "buf"), args, {
    cwd: proto,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Returns the files that differ or exist in one folder only. */
function differing(a: string, b: string): string[] {
  const names = new Set([...filesBelow(a), ...filesBelow(b)]);
  return [...names].filter((name) => read(join(a, name)) !== read(join(b, name)));
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "base64");
  } catch {
    return undefined; // The file exists in the other folder only.
  }
}
