import { existsSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";

/** Folders of the compiled tests of each kind, relative to the root. */
const FOLDERS = {
  unit: ["packages", "services", "scripts", "benchmarks"],
  keras: [join("tests", "dist", "keras")],
  sklearn: [join("tests", "dist", "sklearn")],
  optuna: [join("tests", "dist", "optuna")],
  dialogues: [join("tests", "dist", "dialogues")],
  contract: [join("tests", "dist", "contract")],
  integration: [join("tests", "dist", "integration")],
  simulation: [join("tests", "dist", "simulation")],
  fuzz: [join("tests", "dist", "fuzz")],
  chaos: [join("tests", "dist", "chaos")],
  e2e: [join("tests", "dist", "e2e")],
  browser: [join("tests", "dist", "browser")],
  docs: [join("tests", "dist", "docs")],
  deploy: [join("tests", "dist", "deploy")],
  containers: [join("tests", "dist", "containers")],
  monitoring: [join("tests", "dist", "monitoring")],
  kubernetes: [join("tests", "dist", "kubernetes")],
} as const;

/** A kind of tests. */
export type TestKind = keyof typeof FOLDERS;

/** Names of the kinds of tests. */
export const TEST_KINDS = Object.keys(FOLDERS) as readonly TestKind[];

/** Returns true if a word names a kind of tests. */
export function isTestKind(word: string): word is TestKind {
  return Object.hasOwn(FOLDERS, word);
}

/**
 * Returns the compiled test files of a kind, relative to the root. Excludes files whose source was
 * deleted, because tsc does not delete its output.
 */
export function testFiles(root: string, kind: TestKind): string[] {
  return FOLDERS[kind].flatMap((folder) => filesBelow(root, folder)).filter((file) => isTest(root, file));
}

function filesBelow(root: string, folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const below = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesBelow(root, below);
    return [below];
  });
}

function isTest(root: string, file: string): boolean {
  if (!file.endsWith(".test.js") || !file.includes(`${sep}dist${sep}`)) return false;
  const source = file.replace(`${sep}dist${sep}`, `${sep}src${sep}`).replace(/\.js$/, ".ts");
  return existsSync(join(root, source));
}
