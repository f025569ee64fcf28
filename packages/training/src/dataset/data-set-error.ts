/**
 * The kinds of faults:
 *
 * - `missing`: no place has all files, and downloads are not allowed
 * - `corrupt`: the content of a file is not that of the catalog
 * - `unreachable`: a download failed
 * - `unreadable`, `unwritable`: the file system refused access
 * - `rows`: the requested rows are outside the split
 */
export type DataSetErrorCode = "missing" | "corrupt" | "unreachable" | "unreadable" | "unwritable" | "rows";

/** A fault of a data set or of its files. The message is one line for the user. */
export class DataSetError extends Error {
  override readonly name = "DataSetError";
  readonly code: DataSetErrorCode;

  constructor(code: DataSetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Returns the first line of an error, from its cause if there is one: `fetch` puts the system's
 * reason there.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const source = error.cause instanceof Error ? error.cause : error;
  const code = "code" in source ? String(source.code) : source.name;
  return (source.message || code).split("\n", 1)[0] as string;
}
