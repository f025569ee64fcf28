import { contentError, type Place, shown, shownList } from "../../error/data-error.js";
import { numberOf } from "../../table/cell-words.js";
import { emptyField, INCOMPLETE, scanField, TEXT_AFTER_QUOTE } from "./field.js";
import { fieldText } from "./field-text.js";

/** The header of a delimited file. */
export interface Header {
  readonly names: readonly string[];
  /** The separator's byte. */
  readonly separator: number;
  /** Position after the header's line break. */
  readonly end: number;
  /** Number of the line after the header. */
  readonly line: number;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const SEPARATORS = [",", ";", "\t", "|"] as const;

/**
 * Reads the header line.
 *
 * @param bytes - begin of the file; `bytes[end]` is a line feed
 * @param separator - undefined: the one of comma, semicolon, tab and bar that is most frequent
 */
export function readHeader(bytes: Buffer, end: number, file: string, separator: string | undefined): Header {
  checkIsText(bytes.subarray(0, end), file);
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let line = 1;
  for (; start < end && isBreak(bytes[start]); start++) if (bytes[start] === LINE_FEED) line++;
  if (start === end) throw contentError({ file }, "the file has no header line");
  const byte = (separator ?? commonSeparator(bytes, start, end)).charCodeAt(0);
  const fields = headerFields(bytes, start, end, byte, { file, row: `line ${line}` });
  checkNames(fields.names, { file, row: `line ${line}` });
  return { names: fields.names, separator: byte, end: fields.end, line: line + fields.lines };
}

function headerFields(bytes: Buffer, start: number, end: number, separator: number, place: Place) {
  const names: string[] = [];
  const field = emptyField();
  let lines = 1;
  let position = start;
  for (;;) {
    const next = scanField(bytes, position, end, separator, field);
    if (next === INCOMPLETE) throw contentError(place, "a quote in the header is never closed");
    if (next === TEXT_AFTER_QUOTE) throw contentError(place, "a text follows a closing quote in the header");
    names.push(fieldText(bytes, field, () => place).trim());
    lines += field.lines;
    if (bytes[next] !== separator) return { names, lines, end: afterBreak(bytes, next, end) };
    position = next + 1;
  }
}

function afterBreak(bytes: Buffer, position: number, end: number): number {
  const pair = bytes[position] === CARRIAGE_RETURN && bytes[position + 1] === LINE_FEED;
  return Math.min(end, position + (pair ? 2 : 1));
}

function checkNames(names: readonly string[], place: Place): void {
  if (names.every((name) => numberOf(name) !== undefined)) {
    throw contentError(place, `expected a header with the names of the columns, found numbers: ${shownList(names)}`);
  }
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    if (name === "") {
      const advice =
        "name it, or leave the row names out when you write the file (pandas: index=False; R: row.names=FALSE)";
      throw contentError(place, `column ${index + 1} of ${names.length} has no name; ${advice}`);
    }
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      throw contentError(
        place,
        `columns ${earlier + 1} and ${index + 1} have the same name, ${shown(name)}; rename one`,
      );
    }
    seen.set(name, index);
  });
}

/** Returns the most frequent separator outside of quotes in the header; a comma without one. */
function commonSeparator(bytes: Buffer, start: number, end: number): string {
  const counts = SEPARATORS.map(() => 0);
  let quoted = false;
  for (let position = start; position < end; position++) {
    const byte = bytes[position] as number;
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && isBreak(byte)) break;
    else if (!quoted) {
      const index = SEPARATORS.findIndex((each) => each.charCodeAt(0) === byte);
      if (index >= 0) counts[index] = (counts[index] as number) + 1;
    }
  }
  return SEPARATORS[counts.indexOf(Math.max(...counts))] as string;
}

/** Refuses bytes that are no text in UTF-8 or a superset of ASCII. */
function checkIsText(bytes: Buffer, file: string): void {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw contentError({ file }, "the file is UTF-16; save it as UTF-8, for example with iconv -f UTF-16 -t UTF-8");
  }
  if (first === 0x50 && second === 0x4b) {
    throw contentError({ file }, "the file is a zip archive or a spreadsheet; export the sheet as CSV");
  }
  if (bytes.subarray(0, 4096).includes(0)) throw contentError({ file }, "the file is not text: it has zero bytes");
}

function isBreak(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN;
}
