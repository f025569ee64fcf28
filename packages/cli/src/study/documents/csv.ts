// Comma-separated values by RFC 4180: records end with CR LF, and a field with a comma, a quotation
// mark or a line break stands in quotation marks, which are doubled inside.

/** The content of one field. Null and undefined make an empty field. */
export type CsvField = string | number | boolean | null | undefined;

/**
 * Begins of a text that a spreadsheet would evaluate as a formula. Such a text gets an apostrophe
 * in front; numbers are written as they are.
 */
const FORMULA = /^[=+\-@\t\r]/;

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** Returns one record with its end of line. */
export function csvRecord(fields: readonly CsvField[]): string {
  return `${fields.map(fieldText).join(",")}\r\n`;
}

function fieldText(field: CsvField): string {
  if (field === null || field === undefined) return "";
  if (typeof field !== "string") return String(field);
  const text = FORMULA.test(field) ? `'${field}` : field;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
