/** A fault that a person can act on: its message is one clear line, shown without a stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** A broken invariant: the process must not go on. */
export class InvariantError extends Error {
  override readonly name: string = "InvariantError";
}
