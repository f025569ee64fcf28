import type { Attributes, RecordSpan, SpanEvent } from "@sintonia/runtime/tracing/span";
import { childOf, type TraceContext, trialContext } from "@sintonia/runtime/tracing/trace-context";
import type { EventOf, StudyEvent } from "../../core/state/event.js";
import { findTrial, type Study, type Trial } from "../../core/state/study.js";

/** Limit of the events in one span. */
const EVENTS_MAX = 100;

const ENDS: ReadonlySet<StudyEvent["type"]> = new Set([
  "trial-completed",
  "trial-pruned",
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
    for (const event of events) this.#take(study, event);
    if (events.some(({ type }) => type === "trial-queued")) this.#asked.delete(study.id);
    if (study.endedAt !== undefined) this.#forget(study);
  }

  #take(study: Study, event: StudyEvent): void {
    if (event.type === "trial-queued" || event.type === "test-queued") this.#begin(study, event.trialId);
    if (event.type === "lease-granted") this.#endWait(study, event);
    if (event.type === "trial-requeued") this.#handOver(study, event);
    if (event.type === "trial-promoted" && event.attempt !== undefined)
      this.#handOver(study, { trialId: event.trialId, reason: `promoted from the rung of ${event.rung} epochs` });
    const trial = "trialId" in event && ENDS.has(event.type) ? findTrial(study, event.trialId) : undefined;
    if (trial !== undefined) this.#end(study, trial);
  }

  #endWait(study: Study, { trialId, trainerId }: EventOf<"lease-granted">): void {
    const open = this.#openTrial(study, trialId);
    if (open === undefined) return;
    const times = [open.queuedMs, study.changedAt] as const;
    this.#child("wait for a trainer", contextOf(study, trialId), times, { trainer: trainerId });
  }

  #handOver(study: Study, { trialId, reason }: { readonly trialId: string; readonly reason: string }): void {
    const open = this.#openTrial(study, trialId);
    if (open === undefined) return;
    open.queuedMs = study.changedAt;
    const handover = { name: "handed over", atMs: study.changedAt, attributes: { reason } };
    if (open.events.length < EVENTS_MAX) open.events.push(handover);
  }

  #openTrial({ id }: Study, trialId: string): OpenTrial | undefined {
    return this.#open.get(id)?.get(trialId);
  }

  #begin(study: Study, trialId: string): void {
    const queuedMs = study.changedAt;
    const askedMs = this.#asked.get(study.id);
    if (askedMs !== undefined) this.#child("suggestion", contextOf(study, trialId), [askedMs, queuedMs]);
    const trials = this.#open.get(study.id) ?? new Map<string, OpenTrial>();
    this.#open.set(study.id, trials.set(trialId, { startMs: askedMs ?? queuedMs, queuedMs, events: [] }));
  }

  #child(
    name: string,
    parent: TraceContext,
    [startMs, endMs]: readonly [number, number],
    attributes: Attributes = {},
  ): void {
    const { spanId: parentSpanId } = parent;
    this.#record({
      name,
      context: childOf(parent),
      parentSpanId,
      startMs,
      endMs: Math.max(startMs, endMs),
      attributes,
    });
  }

  #end(study: Study, trial: Trial): void {
    const open = this.#openTrial(study, trial.id);
    const startMs = open?.startMs ?? trial.startedAt ?? study.changedAt;
    this.#record({
      name: trial.tests === undefined ? "trial" : "test",
      context: contextOf(study, trial.id),
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
