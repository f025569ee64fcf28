import { type Figures, figuresOf } from "./figures.js";
import type { SourceTree } from "./source-tree.js";

/**
 * Formats the figures of a checkout as a Markdown table, with the longest file and function below.
 */
export function figuresText(tree: SourceTree): string {
  const figures = figuresOf(tree);
  const header =
    "folders | files | lines | knots | file cycles | longest file | longest function | casts | long comments";
  const rows = figures.map((each) => `| ${row(each).join(" | ")} |`);
  const all = figures.at(-1);
  return [
    `| workspace | ${header} |`,
    `|${" --- |".repeat(10)}`,
    ...rows,
    "",
    `longest file: ${all?.longestFile.name} (${all?.longestFile.lines} lines)`,
    `longest function: ${all?.longestFunction.name} (${all?.longestFunction.lines} lines)`,
    "knots: folders in each knot; casts: per 1,000 lines; long comments: lines over 100 columns",
  ].join("\n");
}

function row(figures: Figures): readonly (string | number)[] {
  return [
    figures.name,
    figures.folders,
    figures.files,
    figures.lines,
    figures.knots.join(", ") || "none",
    figures.fileCycles,
    figures.longestFile.lines,
    figures.longestFunction.lines,
    figures.castsPerThousandLines.toFixed(1),
    figures.longCommentLines,
  ];
}
