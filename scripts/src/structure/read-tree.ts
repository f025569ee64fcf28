import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseProto } from "./parse-proto.js";
import { parseTypeScript } from "./parse-typescript.js";
import { folderOf, isGenerated, type SourceTree } from "./source-tree.js";

/** Reads the TypeScript and proto files of a checkout, without files that git ignores. */
export function readTree(root: string): SourceTree {
  const listed = git(root, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0");
  // git also lists files that were deleted without `git rm`.
  const paths = listed.filter((path) => path !== "" && existsSync(join(root, path)));
  const sources = paths.filter((path) => /\.(tsx?|proto)$/.test(path) && !isGenerated(path));
  const texts = new Map(sources.map((path) => [path, readFileSync(join(root, path), "utf8")]));
  const scripts = new Map([...texts].filter(([path]) => /\.tsx?$/.test(path)));
  const protos = [...texts].filter(([path]) => path.endsWith(".proto"));
  return {
    workspaces: paths.filter((path) => path.endsWith("/package.json")).map(folderOf),
    files: [...parseTypeScript(scripts), ...protos.map(([path, text]) => parseProto(path, text))],
  };
}

function git(root: string, ...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
}
