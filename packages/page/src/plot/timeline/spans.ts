// Spans of trainers: who trained which trial when, from the events of a study.

import type { StudyEvent } from "@sintonia/proto/sintonia/v1/admin";

/** How an attempt ended. `running`: it has not. */
export type SpanEnd = "completed" | "pruned" | "failed" | "infeasible" | "cancelled" | "returned" | "lost" | "running";

/** An attempt of a trial on a trainer. */
export interface Span {
  readonly trialId: string;
  readonly trainerId: string;
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Milliseconds since 1970; the latest known time of a running attempt. */
  readonly end: number;
  readonly outcome: SpanEnd;
  /** Reason of a failed, lost, returned or cancelled attempt; empty if there is none. */
  readonly reason: string;
}

/** The part of an event that spans need. */
export type TimelineEvent = Pick<StudyEvent, "at" | "type" | "trialId" | "json">;

/** The fields of events in the JSON of the log. */
interface EventFields {
  readonly trainerId?: string;
  readonly attempt?: number;
  readonly reason?: string;
  readonly message?: string;
}

/** Outcomes by the type of the event that ends an attempt. */
const OUTCOMES: Readonly<Record<string, SpanEnd>> = {
  "trial-completed": "completed",
  "test-completed": "completed",
  "trial-pruned": "pruned",
  "trial-paused": "returned",
  "trial-failed": "failed",
  "trial-infeasible": "infeasible",
  "trial-cancelled": "cancelled",
  "trial-requeued": "returned",
};

/** End of the coordinator's reason for a lost lease: "Trainer t went silent." */
const SILENT = "went silent.";

/**
 * Returns the attempts of a study by their beginning.
 *
 * @param events - by their sequence
 * @param now - end of attempts under way, in milliseconds since 1970
 */
export function spansOf(events: readonly TimelineEvent[], now: number): readonly Span[] {
  const open = new Map<string, Omit<Span, "end" | "outcome" | "reason">>();
  const spans: Span[] = [];
  const close = (trialId: string, end: number, outcome: SpanEnd, reason: string): void => {
    const begun = open.get(trialId);
    open.delete(trialId);
    if (begun !== undefined) spans.push({ ...begun, end: Math.max(begun.start, end), outcome, reason });
  };
  for (const event of events) {
    const { trialId, type } = event;
    const at = event.at?.getTime() ?? 0;
    const fields: EventFields = JSON.parse(event.json);
    const outcome = OUTCOMES[type];
    if (type === "lease-granted") {
      // A lease that follows another one without an end between them replaces it.
      close(trialId, at, "lost", "");
      open.set(trialId, { trialId, trainerId: fields.trainerId ?? "", attempt: fields.attempt ?? 1, start: at });
    } else if (outcome !== undefined) {
      const reason = fields.reason ?? fields.message ?? "";
      close(trialId, at, reason.endsWith(SILENT) ? "lost" : outcome, reason);
    } else if (type === "study-ended") {
      for (const each of [...open.keys()]) close(each, at, "cancelled", "");
    }
  }
  for (const trialId of [...open.keys()]) close(trialId, now, "running", "");
  return spans.sort((a, b) => a.start - b.start);
}

/** A row of a timeline: spans of one trainer that do not overlap. */
export interface Lane {
  readonly trainerId: string;
  readonly spans: readonly Span[];
}

/** Returns the lanes by trainer. A trainer that trains several trials at once has several lanes. */
export function lanesOf(spans: readonly Span[]): readonly Lane[] {
  const trainers = new Map<string, Span[][]>();
  for (const span of spans) {
    const lanes = trainers.get(span.trainerId) ?? [];
    trainers.set(span.trainerId, lanes);
    const free = lanes.find((lane) => (lane.at(-1)?.end ?? 0) <= span.start);
    if (free === undefined) lanes.push([span]);
    else free.push(span);
  }
  return [...trainers].flatMap(([trainerId, lanes]) => lanes.map((each) => ({ trainerId, spans: each })));
}
