/** A fault that the user can correct. Its message is one line, shown without a stack trace. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** A broken invariant: a fault of the program, after which the process must end. */
export class InvariantError extends Error {
  override readonly name: string = "InvariantError";
}

/** Returns the message of a thrown value, which need not be an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Returns the message of an error without the frame that Node gives to errors of the system: "no
 * such file or directory" of "ENOENT: no such file or directory, open 'tokens'".
 */
export function systemReasonOf(error: unknown): string {
  return /^[A-Z0-9]+: ([^,]+)/.exec(messageOf(error))?.[1] ?? messageOf(error);
}

/** Returns the first line of the message of a thrown value. */
export function firstLineOf(error: unknown): string {
  return messageOf(error).split("\n", 1)[0] ?? "";
}
