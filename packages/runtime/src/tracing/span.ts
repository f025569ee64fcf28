import type { TraceContext } from "./trace-context.js";

/** The values of a span's or an event's attributes, by name. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Something that happened within a span. */
export interface SpanEvent {
  readonly name: string;
  /** Wall time in ms since 1970. */
  readonly atMs: number;
  readonly attributes?: Attributes;
}

/** A span that has ended. */
export interface Span {
  readonly name: string;
  /** @default internal */
  readonly kind?: "internal" | "client" | "server";
  readonly context: TraceContext;
  /** Undefined for the root of a trace. */
  readonly parentSpanId?: string;
  /** Wall times in ms since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes?: Attributes;
  readonly events?: readonly SpanEvent[];
  /** What failed, for a person. @default the span succeeded */
  readonly fault?: string;
}

/** Receives spans. Returns at once, and never throws. */
export type RecordSpan = (span: Span) => void;
