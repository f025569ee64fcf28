import type { Block, Section, TableBlock } from "./content/block.js";

/** Writes a report as Markdown with the tables of GitHub. */
export function markdown(title: string, sections: readonly Section[]): string {
  const parts = sections.map(({ title: name, blocks }) => [`## ${name}`, ...blocks.map(blockText)].join("\n\n"));
  return `${[`# ${title}`, ...parts].join("\n\n")}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return escaped(block.text);
    case "table":
      return tableText(block);
    case "code":
      return `\`\`\`${block.language}\n${block.text}\n\`\`\``;
  }
}

function tableText({ header, rows, figures }: TableBlock): string {
  const rule = header.map((_, column) => (figures.includes(column) ? "---:" : "---"));
  return [header.map(escaped), rule, ...rows.map((row) => row.map(escaped))].map(rowText).join("\n");
}

function rowText(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Escapes what Markdown would read as markup, and ends of lines, which would end a table. */
function escaped(text: string): string {
  return text.replace(/[\\`*_<>|[\]]/g, "\\$&").replace(/\s*\n\s*/g, " ");
}
