// The export of spans with OpenTelemetry's batches and exporters. The spans are ours: they have
// ended and have their ids, so that neither its tracers nor its context are needed.

import { type HrTime, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { detectResources, envDetector, type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace";
import type { SpanExport, TracedService, TracingSettings } from "./settings.js";
import type { Attributes, Span } from "./span.js";
import type { TraceContext } from "./trace-context.js";

/** Time limit in ms of the last export, within the time of a closer of the shutdown. */
const CLOSE_MS = 4_000;

const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
} as const;

/** Exports spans to the collector that the variables of OpenTelemetry name. */
export async function exportSpans(
  protocol: TracingSettings["otlpProtocol"],
  service: TracedService,
): Promise<SpanExport> {
  const { OTLPTraceExporter } =
    protocol === "http/json"
      ? await import("@opentelemetry/exporter-trace-otlp-http")
      : await import("@opentelemetry/exporter-trace-otlp-proto");
  const resource = resourceOf(service);
  const processor = new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), exportTimeoutMillis: CLOSE_MS });
  return {
    record: (span) => processor.onEnd(readable(span, { service, resource })),
    // Ignored: a collector that is away costs spans, never the end of the process.
    close: () => processor.shutdown().catch(() => undefined),
  };
}

function resourceOf({ name, version, instance }: TracedService): Resource {
  const own = resourceFromAttributes({
    "service.name": name,
    "service.namespace": "sintonia",
    "service.version": version,
    "service.instance.id": instance,
  });
  return own.merge(detectResources({ detectors: [envDetector] }));
}

function readable(
  { name, kind = "internal", context, parentSpanId, startMs, endMs, attributes = {}, events = [], fault }: Span,
  { service, resource }: { readonly service: TracedService; readonly resource: Resource },
): ReadableSpan {
  const own = spanContext(context);
  return {
    name,
    kind: KINDS[kind],
    spanContext: () => own,
    ...(parentSpanId === undefined ? {} : { parentSpanContext: { ...own, spanId: parentSpanId } }),
    startTime: hrTime(startMs),
    endTime: hrTime(endMs),
    duration: hrTime(endMs - startMs),
    status: fault === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: fault },
    attributes: defined(attributes),
    links: [],
    events: events.map((event) => ({
      name: event.name,
      time: hrTime(event.atMs),
      attributes: defined(event.attributes ?? {}),
      droppedAttributesCount: 0,
    })),
    ended: true,
    resource,
    instrumentationScope: { name: service.name, version: service.version },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function spanContext({ traceId, spanId, isSampled }: TraceContext): SpanContext {
  return { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
}

/** Splits a time in ms into seconds and nanoseconds. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}

function defined(attributes: Attributes): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as Record<
    string,
    string | number | boolean
  >;
}
