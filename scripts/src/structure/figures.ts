import { fileGraph, folderGraph, knotsOf } from "./import-graph.js";
import { longLines } from "./long-lines.js";
import { folderOf, productFiles, type SourceFile, type SourceTree } from "./source-tree.js";

/** Size of one workspace, or of all together, without tests, fixtures and generated files. */
export interface Figures {
  readonly name: string;
  readonly folders: number;
  readonly files: number;
  readonly lines: number;
  /** Number of folders in each knot of folders, largest first. */
  readonly knots: readonly number[];
  readonly fileCycles: number;
  readonly longestFile: Longest;
  readonly longestFunction: Longest;
  readonly castsPerThousandLines: number;
  /** Number of comment lines over the limit. */
  readonly longCommentLines: number;
}

/** Name of the longest file or function, and its length in lines. */
export interface Longest {
  readonly name: string;
  readonly lines: number;
}

/** Computes the figures of each workspace and, last, of all together. Excludes proto files. */
export function figuresOf(tree: SourceTree): readonly Figures[] {
  const rows = tree.workspaces.map((workspace) => figuresOfFiles(workspace, productFiles(tree, workspace)));
  const inWorkspaces = tree.workspaces.flatMap((workspace) => productFiles(tree, workspace));
  return [...rows, figuresOfFiles("all", inWorkspaces)].filter(({ files }) => files > 0);
}

function figuresOfFiles(name: string, files: readonly SourceFile[]): Figures {
  const lines = sum(files.map((file) => lineCount(file)));
  const functions = files.flatMap((file) => file.functions.map((each) => ({ ...each, path: file.path })));
  return {
    name,
    folders: new Set(files.map(({ path }) => folderOf(path))).size,
    files: files.length,
    lines,
    knots: knotsOf(folderGraph(files)).map((knot) => knot.length),
    fileCycles: knotsOf(fileGraph(files)).length,
    longestFile: longest(files.map((file) => ({ name: file.path, lines: lineCount(file) }))),
    longestFunction: longest(
      functions.map((each) => ({ name: `${each.name} ${each.path}:${each.line}`, lines: each.length })),
    ),
    castsPerThousandLines: (1000 * sum(files.map(({ castCount }) => castCount))) / Math.max(lines, 1),
    longCommentLines: sum(files.map((file) => longLines(file).filter(({ kind }) => kind === "comment").length)),
  };
}

/** Counts the newlines, as `wc -l` does. */
function lineCount({ lines }: SourceFile): number {
  return lines.length - 1;
}

function longest(all: readonly Longest[]): Longest {
  return all.reduce((a, b) => (b.lines > a.lines ? b : a), { name: "none", lines: 0 });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
