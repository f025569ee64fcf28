import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository, with a slash at the end. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A Markdown page of the repository. */
export interface Page {
  /** Path from the root. */
  readonly path: string;
  readonly text: string;
}

/** Returns every Markdown page that git tracks. */
export function pages(): readonly Page[] {
  const paths = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: ROOT });
  return paths
    .toString()
    .split("\n")
    .filter((path) => path !== "")
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** Returns the targets of a page's relative links, as paths from the root with their anchors. */
export function relativeLinks({ path, text }: Page): readonly string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => (target.startsWith("#") ? `${path}${target}` : join(dirname(path), target)));
}

/** Returns the paths below the repository's top folders that a page names in backticks. */
export function namedPaths({ text }: Page): readonly string[] {
  const names = [
    ...text.matchAll(
      /`((?:benchmarks|clients|deploy|docs|experiments|packages|proto|scripts|services|tests)\/[\w./-]+)`/g,
    ),
  ];
  return names.map((match) => match[1] as string);
}

/** Returns the anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
}
