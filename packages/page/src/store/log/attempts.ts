// The attempts of a trial, from the events of its study.

import type { StudyEvent } from "@sintonia/proto/sintonia/v1/admin";

/** How an attempt ended; `running` while it has not. */
export type AttemptEnd =
  | "running"
  | "paused"
  | "completed"
  | "pruned"
  | "failed"
  | "infeasible"
  | "cancelled"
  | "requeued"
  | "tested";

/** One attempt of a trial: a lease, until its end. */
export interface Attempt {
  readonly attempt: number;
  readonly trainerId: string;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly end: AttemptEnd;
  /** Reason of the end; empty if there is none. */
  readonly reason: string;
}

/** Events that end an attempt. */
const ENDS: Readonly<Record<string, AttemptEnd>> = {
  "trial-completed": "completed",
  "trial-pruned": "pruned",
  "trial-paused": "paused",
  "trial-failed": "failed",
  "trial-infeasible": "infeasible",
  "trial-cancelled": "cancelled",
  "trial-requeued": "requeued",
  "test-completed": "tested",
};

/** Returns the attempts of one trial, first to last. */
export function attemptsOf(events: readonly StudyEvent[]): readonly Attempt[] {
  const attempts: Attempt[] = [];
  for (const event of events) {
    const fields = fieldsOf(event);
    if (event.type === "lease-granted") attempts.push(started(event, fields));
    const end = ENDS[event.type];
    const last = attempts.at(-1);
    if (end === undefined || last === undefined || last.end !== "running") continue;
    attempts[attempts.length - 1] = { ...last, to: event.at, end, reason: text(fields["message"] ?? fields["reason"]) };
  }
  return attempts;
}

/** Returns the fields of an event; none of one that cannot be read. */
export function fieldsOf({ json }: Pick<StudyEvent, "json">): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Returns the weights that the events of a trial name; undefined if there are none. */
export function weightsOf(
  events: readonly StudyEvent[],
): { readonly sha256: string; readonly sizeBytes: number } | undefined {
  const end = events.findLast(({ type }) => type === "trial-completed" || type === "test-completed");
  const weights = end && (fieldsOf(end)["weights"] as { sha256?: string; sizeBytes?: number } | undefined);
  if (weights?.sha256 === undefined) return undefined;
  return { sha256: weights.sha256, sizeBytes: weights.sizeBytes ?? 0 };
}

function started({ at }: StudyEvent, fields: Readonly<Record<string, unknown>>): Attempt {
  const attempt = Number(fields["attempt"] ?? 1);
  return { attempt, trainerId: text(fields["trainerId"]), from: at, to: undefined, end: "running", reason: "" };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
