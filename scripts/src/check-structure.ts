// Checks rules of structure that compiler and linter do not have. Prints figures and samples of
// comments for reviews.

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { sampleComments } from "./structure/comment-sample.js";
import { figuresText } from "./structure/figures-text.js";
import { readTree } from "./structure/read-tree.js";
import { docstrings } from "./structure/rules/docstrings.js";
import { folderSize } from "./structure/rules/folder-size.js";
import { importCycles } from "./structure/rules/import-cycles.js";
import { lineLength } from "./structure/rules/line-length.js";
import type { Rule } from "./structure/rules/rule.js";
import type { SourceTree } from "./structure/source-tree.js";

const RULES: readonly Rule[] = [importCycles, folderSize, lineLength, docstrings];

const HELP = `Usage: npm run structure -- [--figures] [--comments N --seed S] [--root FOLDER]

Reads the TypeScript and proto files of the checkout and prints one line for each finding of these rules:

  file-cycle, folder-cycle  imports inside a workspace form no cycle, between files or between the folders that hold
                            files directly; a folder and its subfolder count as two
  folder-size               a folder holds at most ten source files directly, or rules/folder-size.ts states a reason
  line-length               code has at most 120 columns, a comment line at most 100
  docstring                 an export of packages/*/src and services/*/src/core has a docstring

Tests, *.fixture.ts and generated files are exempt from all rules but line-length, which exempts generated files only.
Exit code: 0 without findings, 1 with findings, 2 for a wrong option.

For maintainers, in place of the rules:
  --figures      print the size of each workspace: folders, files, knots of folders in a cycle, longest file and
                 function, type assertions per 1,000 lines, comment lines that are too long
  --comments N   print N comments drawn at random from all source files, with file and line
  --seed S       seed of the draw, a whole number (default 1); a seed draws the same comments until they change
  --root FOLDER  read another checkout (default: the one of this program)
  --help         print this help
`;

const OPTIONS = {
  figures: { type: "boolean" },
  comments: { type: "string" },
  seed: { type: "string", default: "1" },
  root: { type: "string", default: fileURLToPath(new URL("../..", import.meta.url)) },
  help: { type: "boolean", short: "h" },
} as const;

const EXIT_FINDINGS = 1;
const EXIT_USAGE = 2;

process.exitCode = main(process.argv.slice(2));

function main(words: readonly string[]): number {
  try {
    const { values } = parseArgs({ args: [...words], options: OPTIONS });
    if (values.help) return print(HELP.trimEnd());
    const { figures, comments, seed } = values;
    const count = comments === undefined ? undefined : integer("--comments", comments);
    const seedNumber = integer("--seed", seed);
    const tree = readTree(resolve(values.root));
    if (figures) return print(figuresText(tree));
    return count === undefined ? check(tree) : print(commentsText(tree, count, seedNumber));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`error: ${error.message}; see --help\n`);
    return EXIT_USAGE;
  }
}

function check(tree: SourceTree): number {
  const findings = RULES.flatMap((rule) => rule(tree));
  for (const { path, line, rule, advice } of findings) print(`${path}:${line} ${rule}: ${advice}`);
  return findings.length === 0 ? 0 : EXIT_FINDINGS;
}

function commentsText(tree: SourceTree, count: number, seed: number): string {
  const sample = sampleComments(tree, count, seed);
  return sample.map(({ path, line, text }) => `${path}:${line}\n${text.replace(/^ */gm, "  ")}`).join("\n\n");
}

function integer(option: string, word: string): number {
  if (!/^\d+$/.test(word)) throw new TypeError(`${option} takes a whole number, not ${word}`);
  return Number(word);
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
