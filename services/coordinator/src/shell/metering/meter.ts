import type { StudyEvent } from "../../core/state/event.js";

/** The outcome of the report of an epoch. */
export const REPORT_OUTCOMES = [
  "accepted",
  /** The trial has ended or was cancelled: the trainer stops. */
  "stopped",
  /** The lease is not valid: the trainer discards the attempt. */
  "lease_lost",
  /** The report is a mistake, or names an unknown study. */
  "rejected",
  /** Too many calls wait. The trainer repeats the report after a delay. */
  "overloaded",
  /** The store did not answer. The trainer repeats the report. */
  "unavailable",
] as const;

/** The outcome of the report of an epoch. */
export type ReportOutcome = (typeof REPORT_OUTCOMES)[number];

/** The outcomes of an append to a study log. A refused one met a record of another coordinator. */
export const APPEND_OUTCOMES = ["stored", "refused", "failed"] as const;

/** The outcome of an append to a study log. */
export type AppendOutcome = (typeof APPEND_OUTCOMES)[number];

/** The questions to the oracle and its models. */
export const QUESTIONS = ["suggest", "contenders", "select", "explain", "importance", "slice"] as const;

/** A question to the oracle and its models. */
export type Question = (typeof QUESTIONS)[number];

/**
 * Receives what a coordinator does, for its metrics. Every call returns at once and never throws,
 * and no decision depends on it.
 */
export interface Meter {
  /** Events were stored. */
  stored(events: readonly StudyEvent[]): void;
  reported(outcome: ReportOutcome): void;
  appended(outcome: AppendOutcome, seconds: number): void;
  answered(question: Question, seconds: number): void;
  /** Records of a log were restored from the copy, or are read from it. */
  mended(records: number): void;
}
