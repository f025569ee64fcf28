/**
 * The reasons for which a call has no answer: gRPC's status codes in lower case, ordered by their
 * numbers from 1.
 */
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

/** A reason for which a call has no answer. */
export type FaultCode = (typeof FAULT_CODES)[number];

/**
 * The response to each fault: `retry` if a later repeat may be answered, `reject` if no repeat
 * will be. Retries are safe, since a repeated call has the effect of a single one. They end with
 * the lease.
 */
export const FAULT_VERDICTS: Readonly<Record<FaultCode, "retry" | "reject">> = {
  // From a server that shuts down. The trainer recognises its own cancellations by their signal.
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
  // The coordinator could not store the call's result, or met a fault of its own.
  internal: "retry",
  unavailable: "retry",
  // Bytes were damaged in transit.
  "data-loss": "retry",
  unauthenticated: "reject",
};
