import type { Shutdown } from "../lifecycle.js";
import type { TracedService, TracingSettings } from "./settings.js";
import type { RecordSpan } from "./span.js";

/** Time limit of the last export in ms. The grace time of pods and containers has room for it. */
const EXPORT_END_MS = 5_000;

/**
 * Starts the export of traces, which the shutdown ends. Without an endpoint nothing of
 * OpenTelemetry is even loaded.
 *
 * @returns what records a span; undefined if no endpoint is set
 */
export async function startTracing(
  settings: TracingSettings,
  service: TracedService,
  shutdown: Shutdown,
): Promise<RecordSpan | undefined> {
  if ((settings.otlpTracesEndpoint ?? settings.otlpEndpoint) === undefined) return undefined;
  const { exportSpans } = await import("./otlp-export.js");
  const { record, close } = await exportSpans(settings.otlpProtocol, service);
  shutdown.add("traces", close, EXPORT_END_MS);
  return record;
}
