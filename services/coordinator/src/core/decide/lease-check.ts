import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Answer } from "../boundary/input.js";
import { findTrial, isLeased, type Study, type Trial } from "../state/study.js";

/** Whether a trainer may speak for a trial. */
export type LeaseCheck =
  | { readonly kind: "valid"; readonly trial: Trial }
  /** The trial has ended under this very lease. */
  | { readonly kind: "settled"; readonly trial: Trial }
  | { readonly kind: "void"; readonly answer: Answer };

/** Compares a lease with the trial's: the fence that every report passes. */
export function checkLease(study: Study, key: LeaseKey): LeaseCheck {
  const trial = findTrial(study, key.trialId);
  const current = trial?.lease;
  if (trial === undefined || current?.token !== key.token || trial.attempt !== key.attempt) {
    return { kind: "void", answer: { kind: "lease-lost" } };
  }
  if (isLeased(trial)) return { kind: "valid", trial };
  if (trial.state === "cancelled") return { kind: "void", answer: { kind: "stop" } };
  if (trial.state === "queued") return { kind: "void", answer: { kind: "lease-lost" } };
  return { kind: "settled", trial };
}
