import type { RecordSpan, SpanEvent } from "@sintonia/runtime/tracing/span";
import { childOf, type TraceContext, trialContext } from "@sintonia/runtime/tracing/trace-context";
import type { StudyEvent } from "../../core/state/event.js";
import { findTrial, type Study, type Trial } from "../../core/state/study.js";

/** Limit of the events in one span. */
const EVENTS_MAX = 100;

const ENDS: ReadonlySet<StudyEvent["type"]> = new Set([
  "trial-completed",
  "trial-failed",
  "trial-infeasible",
  "trial-cancelled",
  "test-completed",
]);

/** What this process has seen of a trial that has not ended. Wall times in ms since 1970. */
interface OpenTrial {
  readonly startMs: number;
  /** The time since which the trial waits for a trainer. */
  queuedMs: number;
  readonly events: SpanEvent[];
}

/**
 * Records the spans of trials from the stored events of their studies: a root span from the
 * question to the oracle to the end of the trial, a span of the question, and one of each wait in
 * the queue. The root span of a trial that was queued before this process led begins with its
 * present attempt.
 */
export class TrialTraces {
  readonly #record: RecordSpan;
  /** By study, and by trial. */
  readonly #open = new Map<string, Map<string, OpenTrial>>();
  /** Time of the question to the oracle that waits for its answer, by study. */
  readonly #asked = new Map<string, number>();

  constructor(record: RecordSpan) {
    this.#record = record;
  }

  /** Notes that the oracle of a study is asked at a wall time. */
  asked({ id }: Study, atMs: number): void {
    this.#asked.set(id, atMs);
  }

  /** Takes stored events into account. `study` is the study after them. */
  stored(study: Study, events: readonly StudyEvent[]): void {
    for (const event of events) if ("trialId" in event) this.#take(study, event);
    if (events.some(({ type }) => type === "trial-queued")) this.#asked.delete(study.id);
    if (study.endedAt !== undefined) this.#forget(study);
  }

  #take(study: Study, event: Extract<StudyEvent, { readonly trialId: string }>): void {
    const { type, trialId } = event;
    const context = contextOf(study, trialId);
    if (type === "trial-queued" || type === "test-queued") this.#begin(study, trialId, context);
    const open = this.#open.get(study.id)?.get(trialId);
    const trial = findTrial(study, trialId);
    if (open !== undefined && type === "lease-granted") {
      this.#child("wait for a trainer", context, [open.queuedMs, study.changedAt], { trainer: event.trainerId });
    }
    if (open !== undefined && type === "trial-requeued") {
      open.queuedMs = study.changedAt;
      const handover = { name: "handed over", atMs: study.changedAt, attributes: { reason: event.reason } };
      if (open.events.length < EVENTS_MAX) open.events.push(handover);
    }
    if (trial !== undefined && ENDS.has(type)) this.#end(study, trial, context);
  }

  #begin(study: Study, trialId: string, context: TraceContext): void {
    const queuedMs = study.changedAt;
    const askedMs = this.#asked.get(study.id);
    if (askedMs !== undefined) this.#child("suggestion", context, [askedMs, queuedMs], {});
    const trials = this.#open.get(study.id) ?? new Map<string, OpenTrial>();
    this.#open.set(study.id, trials.set(trialId, { startMs: askedMs ?? queuedMs, queuedMs, events: [] }));
  }

  #child(name: string, parent: TraceContext, [startMs, endMs]: readonly [number, number], attributes: object): void {
    const times = { startMs, endMs: Math.max(startMs, endMs) };
    this.#record({
      name,
      context: childOf(parent),
      parentSpanId: parent.spanId,
      ...times,
      attributes: { ...attributes },
    });
  }

  #end(study: Study, trial: Trial, context: TraceContext): void {
    const open = this.#open.get(study.id)?.get(trial.id);
    const startMs = open?.startMs ?? trial.startedAt ?? study.changedAt;
    this.#record({
      name: trial.tests === undefined ? "trial" : "test",
      context,
      startMs,
      endMs: Math.max(startMs, study.changedAt),
      attributes: attributesOf(study, trial),
      events: open?.events ?? [],
      ...(trial.state === "failed" ? { fault: trial.message ?? "The trial failed." } : {}),
    });
    this.#open.get(study.id)?.delete(trial.id);
  }

  #forget({ id }: Study): void {
    this.#open.delete(id);
    this.#asked.delete(id);
  }
}

/** Returns the context of a trial's root span. */
export function contextOf({ id: studyId, createdAt }: Study, trialId: string): TraceContext {
  return trialContext({ studyId, createdAt, trialId });
}

function attributesOf({ id, spec }: Study, trial: Trial) {
  return {
    "sintonia.study": id,
    "sintonia.study.name": spec.name,
    "sintonia.trial": trial.id,
    "sintonia.trial.state": trial.state,
    "sintonia.trial.attempt": trial.attempt,
    "sintonia.trial.objective": trial.objective,
    "sintonia.trainer": trial.lease?.trainerId,
  };
}
