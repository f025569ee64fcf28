/** A fault that the user can correct. Its message is one line, shown without a stack trace. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** A broken invariant: a fault of the program, after which the process must end. */
export class InvariantError extends Error {
  override readonly name: string = "InvariantError";
}
