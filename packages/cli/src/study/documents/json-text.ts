/** Invisible characters that JSON.stringify does not escape, without the zero-width joiner. */
const INVISIBLE = /(?!\u200d)[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Returns a document as JSON text for programs and persons: two blanks of indentation, and a list
 * of numbers, words and nulls on one line, so that a learning curve is a line.
 */
export function jsonText(document: unknown): string {
  return `${textOf(document, "")}\n`;
}

function textOf(value: unknown, indent: string): string {
  if (Array.isArray(value)) return listText(value, indent);
  if (typeof value !== "object" || value === null || "toJSON" in value) return scalarText(value);
  const inner = `${indent}  `;
  const entries = Object.entries(value).filter(([, content]) => content !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, content]) => `${inner}${JSON.stringify(key)}: ${textOf(content, inner)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function listText(values: readonly unknown[], indent: string): string {
  if (values.every((value) => typeof value !== "object" || value === null))
    return `[${values.map(scalarText).join(", ")}]`;
  const inner = `${indent}  `;
  return `[\n${values.map((value) => `${inner}${textOf(value, inner)}`).join(",\n")}\n${indent}]`;
}

/**
 * Returns a scalar as JSON.stringify does in a list: null for what JSON cannot hold. Invisible
 * characters are escaped, so that a terminal does not obey them.
 */
function scalarText(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replace(INVISIBLE, (character) =>
    character.split("").map(unitEscape).join(""),
  );
}

/** Returns the escape of one UTF-16 code unit. */
function unitEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
