import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Answer } from "../boundary/answer.js";
import { findTrial, isLeased, type Study, type Trial } from "../state/study.js";

/** The standing of a trainer that calls under a lease. */
type LeaseCheck =
  /** The trainer holds the trial's lease. */
  | { readonly kind: "valid"; readonly trial: Trial }
  /** The trial ended under this lease, so that the call may be a repeat. */
  | { readonly kind: "settled"; readonly trial: Trial }
  /** The lease gives no right to the trial. */
  | { readonly kind: "void"; readonly answer: Answer };

/**
 * Compares a lease key with the trial's last grant. Every call under a lease passes this check.
 */
export function checkLease(study: Study, key: LeaseKey): LeaseCheck {
  const trial = findTrial(study, key.trialId);
  const current = trial?.lease;
  const isCurrent = current?.token === key.token && (current.secret === undefined || current.secret === key.secret);
  if (trial === undefined || !isCurrent || trial.attempt !== key.attempt) {
    return { kind: "void", answer: { kind: "lease-lost" } };
  }
  if (isLeased(trial)) return { kind: "valid", trial };
  if (trial.state === "cancelled") return { kind: "void", answer: { kind: "stop" } };
  if (trial.state === "queued") return { kind: "void", answer: { kind: "lease-lost" } };
  return { kind: "settled", trial };
}

/**
 * Tells whether a lease is the trial's last grant: no other trainer got the trial since. The trial
 * may have ended, or wait for its next attempt.
 */
export function isLastGrant(study: Study, { trialId, attempt, token }: LeaseKey): boolean {
  const trial = findTrial(study, trialId);
  if (trial?.lease?.token !== token) return false;
  return attempt === (trial.state === "queued" ? trial.attempt - 1 : trial.attempt);
}
