import { contentError, type Place } from "../../error/data-error.js";
import type { Field } from "./field.js";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Returns the text of a field, without spaces around it unless it is quoted.
 *
 * @throws {DataError} if its bytes are not UTF-8
 */
export function fieldText(bytes: Buffer, { start, end, ascii, quoted, doubled }: Field, place: () => Place): string {
  const text = ascii ? bytes.toString("latin1", start, end) : decode(bytes.subarray(start, end), place);
  if (!quoted) return text.trim();
  return doubled ? text.replaceAll('""', '"') : text;
}

function decode(bytes: Buffer, place: () => Place): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    const advice = "save the file as UTF-8, for example with iconv -f WINDOWS-1252 -t UTF-8";
    throw contentError(place(), `the text is not UTF-8: ${JSON.stringify(bytes.toString("latin1", 0, 40))}; ${advice}`);
  }
}
