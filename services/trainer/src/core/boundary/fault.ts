/** Why a call brought no answer. The names of gRPC's status codes, in lower case. */
export const FAULT_CODES = [
  "cancelled",
  "unknown",
  "invalid-argument",
  "deadline-exceeded",
  "not-found",
  "already-exists",
  "permission-denied",
  "resource-exhausted",
  "failed-precondition",
  "aborted",
  "out-of-range",
  "unimplemented",
  "internal",
  "unavailable",
  "data-loss",
  "unauthenticated",
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/**
 * What to do about a fault: `retry` where the same call may be answered later, `reject` where it never will be.
 * Retries are safe because every call has the effect of one when it is repeated, and they end with the lease.
 */
export const FAULT_VERDICTS: Readonly<Record<FaultCode, "retry" | "reject">> = {
  // Of a server that goes away; our own cancellations are recognised by their signal.
  cancelled: "retry",
  unknown: "retry",
  "invalid-argument": "reject",
  "deadline-exceeded": "retry",
  "not-found": "reject",
  "already-exists": "reject",
  "permission-denied": "reject",
  "resource-exhausted": "retry",
  "failed-precondition": "reject",
  aborted: "retry",
  "out-of-range": "reject",
  unimplemented: "reject",
  // The coordinator could not store it, or was in the middle of a fault of its own.
  internal: "retry",
  unavailable: "retry",
  // Bytes were damaged on their way.
  "data-loss": "retry",
  unauthenticated: "reject",
};
