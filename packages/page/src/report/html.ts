// One file with the page, the data of a study and the text of the report.

import type { Block, Section, TableBlock } from "./content/block.js";
import type { ReportDocument } from "./document.js";

/** The bundled page. */
export interface PageBundle {
  /** Text of the script, a module. */
  readonly script: string;
  readonly style: string;
}

/** What a report file contains. */
export interface ReportParts {
  readonly title: string;
  /** BCP 47 tag. */
  readonly locale: string;
  readonly bundle: PageBundle;
  readonly document: ReportDocument;
  /** The text, which a reader without JavaScript sees. */
  readonly sections: readonly Section[];
  /** Returns the SHA-256 digest of a UTF-8 text in base64. */
  readonly sha256: (text: string) => string;
}

/**
 * Returns an HTML file that needs no other file and no host. Its content security policy allows
 * its own script and style alone.
 */
export function reportHtml({ title, locale, bundle, document, sections, sha256 }: ReportParts): string {
  // A script ends at the first "</script", also within a string of the script.
  const script = bundle.script.replaceAll("</script", "<\\/script");
  const style = bundle.style.replaceAll("</style", "<\\/style");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${sha256(script)}'`,
    `style-src 'sha256-${sha256(style)}'`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    "<!doctype html>",
    `<html lang="${escaped(locale)}">`,
    '<head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><link rel="icon" href="data:,">`,
    `<style>${style}</style></head>`,
    `<body><div id="app">${sectionsHtml(title, sections)}</div>`,
    `<script type="application/json" id="sintonia-report">${jsonText(document)}</script>`,
    `<script type="module">${script}</script></body></html>`,
    "",
  ].join("\n");
}

/** Returns the text of a report as HTML. */
function sectionsHtml(title: string, sections: readonly Section[]): string {
  const parts = sections.map(({ id, title: name, blocks }) => {
    return `<section id="${id}"><h2>${escaped(name)}</h2>${blocks.map(blockHtml).join("")}</section>`;
  });
  return `<main class="report"><h1>${escaped(title)}</h1>${parts.join("")}</main>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return `<p>${escaped(block.text)}</p>`;
    case "table":
      return tableHtml(block);
    case "code":
      return `<pre><code>${escaped(block.text)}</code></pre>`;
  }
}

function tableHtml({ header, rows, figures }: TableBlock): string {
  const kind = (column: number): string => (figures.includes(column) ? ' class="figure"' : "");
  const head = header.map((cell, column) => `<th scope="col"${kind(column)}>${escaped(cell)}</th>`).join("");
  const body = rows.map((row) => {
    return `<tr>${row.map((cell, column) => `<td${kind(column)}>${escaped(cell)}</td>`).join("")}</tr>`;
  });
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** Returns JSON that no "</script" or "<!--" can end. */
function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
