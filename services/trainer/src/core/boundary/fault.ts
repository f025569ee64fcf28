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
 * Repeats of a call after a fault that may pass and may not: a message that is too large, or a
 * fault of the coordinator's own. With the delays between calls they take half a minute, the time
 * of a restart.
 */
const DOUBTFUL_REPEATS_MAX = 12;

/**
 * The largest number of repeats of a call after each fault: without limit if the fault passes, none
 * if no repeat will be answered. Repeats are safe, since a repeated call has the effect of a single
 * one. They end with the lease.
 */
export const FAULT_REPEATS: Readonly<Record<FaultCode, number>> = {
  // From a server that shuts down. The trainer recognises its own cancellations by their signal.
  cancelled: Number.POSITIVE_INFINITY,
  unknown: DOUBTFUL_REPEATS_MAX,
  "invalid-argument": 0,
  "deadline-exceeded": Number.POSITIVE_INFINITY,
  "not-found": 0,
  "already-exists": 0,
  "permission-denied": 0,
  "resource-exhausted": DOUBTFUL_REPEATS_MAX,
  "failed-precondition": 0,
  aborted: Number.POSITIVE_INFINITY,
  "out-of-range": 0,
  unimplemented: 0,
  // The coordinator met a fault of its own.
  internal: DOUBTFUL_REPEATS_MAX,
  unavailable: Number.POSITIVE_INFINITY,
  // Bytes were damaged in transit.
  "data-loss": DOUBTFUL_REPEATS_MAX,
  // The token of the trainer or of the coordinator may be mended while the lease lives.
  unauthenticated: Number.POSITIVE_INFINITY,
};

/** Tells whether a fault concerns the caller, and so meets every other call as well. */
export function refusesCaller(code: FaultCode): boolean {
  return code === "unauthenticated" || code === "permission-denied";
}

/**
 * Tells whether the fault of a heartbeat without a lease refuses the trainer: the call depends on
 * no trial, so that a fault that no repeat passes meets every call.
 */
export function refusesTrainer(code: FaultCode): boolean {
  return refusesCaller(code) || FAULT_REPEATS[code] === 0;
}

/** Returns a function for one call that tells after each fault whether to repeat the call. */
export function repetition(): (code: FaultCode) => boolean {
  const counts = new Map<FaultCode, number>();
  return (code) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= FAULT_REPEATS[code];
  };
}
