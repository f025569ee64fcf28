const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The bytes end before the field does. */
export const INCOMPLETE = -1;
/** A quoted field goes on after its closing quote. */
export const TEXT_AFTER_QUOTE = -2;

/** Where the text of a field stands. */
export interface Field {
  /** Position of the first byte of the text, after the quote if there is one. */
  start: number;
  /** Position after the text. */
  end: number;
  quoted: boolean;
  /** True if the text has quotes, each written twice. */
  doubled: boolean;
  /** True if every byte is below 128. */
  ascii: boolean;
  /** Number of line breaks in the text. */
  lines: number;
}

/** Creates a field for `scanField` to fill. */
export function emptyField(): Field {
  return { start: 0, end: 0, quoted: false, doubled: false, ascii: true, lines: 0 };
}

/**
 * Finds the end of a field.
 *
 * @param end - position of the line feed behind the bytes
 * @returns the position of the separator or line break after the field, or a negative fault
 */
export function scanField(bytes: Uint8Array, start: number, end: number, separator: number, field: Field): number {
  field.doubled = false;
  field.lines = 0;
  field.quoted = bytes[start] === QUOTE;
  if (field.quoted) return scanQuoted(bytes, start + 1, end, separator, field);
  let position = start;
  let all = 0;
  for (;;) {
    const byte = bytes[position] as number;
    if (byte === separator || byte === LINE_FEED || byte === CARRIAGE_RETURN) break;
    all |= byte;
    position++;
  }
  field.start = start;
  field.end = position;
  field.ascii = all < 128;
  return position;
}

function scanQuoted(bytes: Uint8Array, start: number, end: number, separator: number, field: Field): number {
  let position = start;
  let all = 0;
  for (; ; position++) {
    const byte = bytes[position] as number;
    all |= byte;
    if (byte === LINE_FEED) {
      if (position >= end) return INCOMPLETE;
      field.lines++;
    }
    if (byte !== QUOTE) continue;
    if (bytes[position + 1] !== QUOTE) break;
    field.doubled = true;
    position++;
  }
  field.start = start;
  field.end = position;
  field.ascii = all < 128;
  const next = bytes[position + 1];
  if (next === separator || next === LINE_FEED || next === CARRIAGE_RETURN) return position + 1;
  return TEXT_AFTER_QUOTE;
}
