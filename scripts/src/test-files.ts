import { existsSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";

/** Kinds of tests and the folders, below the root, that hold the compiled ones. */
const FOLDERS = {
  unit: ["packages", "services", "scripts", "benchmarks"],
  keras: [join("tests", "dist", "keras")],
  dialogues: [join("tests", "dist", "dialogues")],
  contract: [join("tests", "dist", "contract")],
  integration: [join("tests", "dist", "integration")],
  simulation: [join("tests", "dist", "simulation")],
  e2e: [join("tests", "dist", "e2e")],
  deploy: [join("tests", "dist", "deploy")],
  containers: [join("tests", "dist", "containers")],
} as const;

export type TestKind = keyof typeof FOLDERS;

export const TEST_KINDS = Object.keys(FOLDERS) as readonly TestKind[];

export function isTestKind(word: string): word is TestKind {
  return Object.hasOwn(FOLDERS, word);
}

/** Compiled test files of a kind, relative to the root. One whose source is gone is left out: tsc does not delete. */
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
