/**
 * - `missing`: files are not where they were looked for, and a download was not allowed
 * - `corrupt`: a file is there and is not what it should be
 * - `unreachable`: a download failed
 * - `unreadable`, `unwritable`: the file system refused
 * - `rows`: a range outside the file was asked for
 */
export type DataSetErrorCode = "missing" | "corrupt" | "unreachable" | "unreadable" | "unwritable" | "rows";

/** A fault in the data or on the way to it. Its message is one clear line for a person. */
export class DataSetError extends Error {
  override readonly name = "DataSetError";
  readonly code: DataSetErrorCode;

  constructor(code: DataSetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The first line of what was thrown, with the system's reason where `fetch` hides it in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const told = error.cause instanceof Error ? error.cause : error;
  const code = "code" in told ? String(told.code) : told.name;
  return (told.message || code).split("\n", 1)[0] as string;
}
