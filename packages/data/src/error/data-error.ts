/**
 * The kinds of faults:
 *
 * - `unreadable`: the file system refused access, or the file changed while it was read
 * - `content`: the bytes are not what the format or the plan of the data set says
 */
export type DataErrorCode = "unreadable" | "content";

/** A place inside a data file; every part that is known. */
export interface Place {
  /** Path as the plan writes it. */
  readonly file: string;
  /** The row, such as `line 7` or `row 7`. */
  readonly row?: string | undefined;
  readonly column?: string | undefined;
}

/** A fault of a data file. The message is one line for the user. */
export class DataError extends Error {
  override readonly name = "DataError";
  readonly code: DataErrorCode;
  readonly place: Place;

  constructor(code: DataErrorCode, place: Place, message: string, options?: ErrorOptions) {
    super(`${placeText(place)}: ${message}`, options);
    this.code = code;
    this.place = place;
  }
}

/** Creates a fault of the content of a file. */
export function contentError(place: Place, message: string, options?: ErrorOptions): DataError {
  return new DataError("content", place, message, options);
}

const SHOWN_CHARACTERS_MAX = 40;

/** Formats a text from a data file for a message: in quotes, on one line, at most 40 characters. */
export function shown(text: string): string {
  return JSON.stringify(text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX - 1)}…`);
}

/** Formats a list of texts for a message; after the fifth only their number. */
export function shownList(texts: readonly string[]): string {
  const first = texts.slice(0, 5).map((text) => (/^[\w.+-]{1,40}$/.test(text) ? text : shown(text)));
  return texts.length > 5 ? `${first.join(", ")} and ${texts.length - 5} more` : first.join(", ");
}

function placeText({ file, row, column }: Place): string {
  const parts = [row, column === undefined ? undefined : `column ${column}`].filter((part) => part !== undefined);
  return oneLine(parts.length === 0 ? file : `${file}: ${parts.join(", ")}`);
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
