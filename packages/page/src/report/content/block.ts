// The text of a report as data: written as Markdown, and drawn by the page.

/** A table of texts. */
export interface TableBlock {
  readonly kind: "table";
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Numbers of the columns that hold figures, from 0: they are aligned to the right. */
  readonly figures: readonly number[];
}

/** A part of a section. */
export type Block =
  | { readonly kind: "paragraph"; readonly text: string }
  | TableBlock
  | { readonly kind: "code"; readonly language: "sh" | "json"; readonly text: string };

/** A section of a report. */
export interface Section {
  /** Name of the section's anchor. */
  readonly id: "result" | "front" | "setup" | "test" | "trials" | "reproduction";
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Returns a paragraph. */
export function paragraph(text: string): Block {
  return { kind: "paragraph", text };
}

/** Returns a table of two columns: a name and what it stands for. */
export function facts(header: readonly [string, string], rows: readonly (readonly [string, string])[]): TableBlock {
  return { kind: "table", header, rows, figures: [] };
}
