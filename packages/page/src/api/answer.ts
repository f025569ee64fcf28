// The outcome of a call: a value, or a fault that a person can read.

/** A refused or failed call. */
export interface Fault {
  /** Name of the gRPC status, such as NOT_FOUND; UNREACHABLE without an answer. */
  readonly code: string;
  /** Explanation in one line, for a person. */
  readonly message: string;
  /** Machine-readable reason; empty if the coordinator gave none. */
  readonly reason: string;
  /** Facts of the reason, by name. */
  readonly facts: Readonly<Record<string, string>>;
}

/** The outcome of a call. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** Wraps a value. */
export function success<T>(value: T): Answer<T> {
  return { ok: true, value };
}

/** Wraps a fault. */
export function failure(code: string, message: string): Answer<never> {
  return { ok: false, fault: { code, message, reason: "", facts: {} } };
}

/** Converts the value of an answer. A value that cannot be read is a fault of the server. */
export function read<S, T>(answer: Answer<S>, reader: (value: S) => T): Answer<T> {
  if (!answer.ok) return answer;
  try {
    return success(reader(answer.value));
  } catch (error) {
    return failure("INTERNAL", `unreadable answer: ${String(error)}`);
  }
}

/** Returns true if the fault goes away once the reader signs in. */
export function isSignedOut(fault: Fault): boolean {
  return fault.code === "UNAUTHENTICATED";
}
