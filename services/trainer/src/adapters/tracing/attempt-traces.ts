import type { Clock } from "@sintonia/runtime/clock";
import type { Attributes, RecordSpan, SpanEvent } from "@sintonia/runtime/tracing/span";
import { childOf, readTraceparent, type TraceContext } from "@sintonia/runtime/tracing/trace-context";
import type { AttemptEnd, Effect } from "../../core/boundary/effect.js";
import type { Input } from "../../core/boundary/input.js";
import type { AssignmentSource } from "../../ports/assignment-source.js";
import type { ObservedStep } from "../../ports/step-observer.js";

/** Limit of the epochs that a span names. Longer trials tell their first ones. */
const EVENTS_MAX = 100;

const FAULTS: ReadonlySet<AttemptEnd> = new Set(["failed", "lease-lost", "fenced", "unreported"]);

/** The attempt that has the trainer. Wall times in ms since 1970. */
interface Attempt {
  readonly context: TraceContext;
  readonly parent: TraceContext;
  readonly startMs: number;
  readonly attributes: Attributes;
  readonly events: SpanEvent[];
  training?: { readonly startMs: number; epochs: number };
}

/** Records the spans of a trainer: one of each attempt, and within it one of the training. */
export class AttemptTraces {
  readonly #record: RecordSpan;
  readonly #clock: Clock;
  readonly #trainerId: string;
  /** The context of the trial that was delivered last. */
  #delivered: TraceContext | undefined;
  #attempt: Attempt | undefined;

  constructor(record: RecordSpan, { clock, trainerId }: { readonly clock: Clock; readonly trainerId: string }) {
    this.#record = record;
    this.#clock = clock;
    this.#trainerId = trainerId;
  }

  /** The context of the present attempt's span. */
  readonly present = (): TraceContext | undefined => this.#attempt?.context;

  /** Returns a source whose deliveries tell their contexts. */
  following(source: AssignmentSource): AssignmentSource {
    return {
      next: async (signal) => {
        const delivery = await source.next(signal);
        this.#delivered = delivery?.traceparent === undefined ? undefined : readTraceparent(delivery.traceparent);
        return delivery;
      },
    };
  }

  /** Takes a step into account. */
  readonly observe = ({ input, effects }: ObservedStep): void => {
    if (input !== undefined) this.#observeInput(input);
    for (const effect of effects) this.#observeEffect(effect);
  };

  #observeInput(input: Input): void {
    const attempt = this.#attempt;
    switch (input.type) {
      case "assignment-received":
        this.#begin(input.assignment);
        break;
      case "lease-refused":
      case "lease-rejected":
        this.#end(input.type === "lease-refused" ? input.reason : input.message);
        break;
      case "lease-granted":
        this.#note("lease granted", { token: input.lease.key.token });
        break;
      case "checkpoint-accepted":
        this.#note("resumed", { execution: input.execution, epoch: input.epoch });
        break;
      case "epoch-trained":
        if (attempt?.training !== undefined) attempt.training.epochs += 1;
        this.#note("epoch", { execution: input.measurement.execution, epoch: input.measurement.epoch });
        break;
      case "training-completed":
      case "training-failed":
        this.#endTraining(input.type === "training-failed" ? input.failure.message : undefined);
        break;
    }
  }

  #observeEffect(effect: Effect): void {
    if (effect.type === "train" && this.#attempt !== undefined) {
      this.#attempt.training = { startMs: this.#now(), epochs: 0 };
    }
    if (effect.type === "end-attempt") this.#end(FAULTS.has(effect.end) ? effect.end : undefined, effect.end);
    if (effect.type === "give-back-assignment") this.#end("given back");
  }

  #begin({ studyId, trialId, attempt }: Extract<Input, { type: "assignment-received" }>["assignment"]): void {
    const parent = this.#delivered;
    if (parent === undefined) return;
    const attributes = {
      "sintonia.study": studyId,
      "sintonia.trial": trialId,
      "sintonia.trial.attempt": attempt,
      "sintonia.trainer": this.#trainerId,
    };
    this.#attempt = { context: childOf(parent), parent, startMs: this.#now(), attributes, events: [] };
  }

  #note(name: string, attributes: Attributes): void {
    const events = this.#attempt?.events;
    if (events !== undefined && events.length < EVENTS_MAX) events.push({ name, atMs: this.#now(), attributes });
  }

  #endTraining(fault: string | undefined): void {
    const attempt = this.#attempt;
    const training = attempt?.training;
    if (attempt === undefined || training === undefined) return;
    delete attempt.training;
    const { context, attributes } = attempt;
    const own = { context: childOf(context), parentSpanId: context.spanId, startMs: training.startMs };
    const further = { attributes: { ...attributes, "sintonia.epochs": training.epochs }, ...(fault && { fault }) };
    this.#record({ name: "training", ...own, endMs: this.#now(), ...further });
  }

  #end(fault: string | undefined, end?: AttemptEnd): void {
    this.#endTraining(fault);
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    this.#attempt = undefined;
    const { context, parent, startMs, events } = attempt;
    this.#record({
      name: "attempt",
      context,
      parentSpanId: parent.spanId,
      startMs,
      endMs: this.#now(),
      attributes: { ...attempt.attributes, "sintonia.attempt.end": end },
      events,
      ...(fault === undefined ? {} : { fault }),
    });
  }

  #now(): number {
    return this.#clock.wallTime().getTime();
  }
}
