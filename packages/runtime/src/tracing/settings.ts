import type { RecordSpan } from "./span.js";

/** Whether and how traces are exported; see TRACING_VARIABLES. */
export interface TracingSettings {
  readonly otlpEndpoint: string | undefined;
  readonly otlpTracesEndpoint: string | undefined;
  readonly otlpProtocol: "http/protobuf" | "http/json";
}

/** The process whose spans are exported. */
export interface TracedService {
  /** Name of the service, such as `sintonia-trainer`, unless OTEL_SERVICE_NAME gives another. */
  readonly name: string;
  readonly version: string;
  /** Id of this process among those of its service. */
  readonly instance: string;
}

/** The export of spans. */
export interface SpanExport {
  readonly record: RecordSpan;
  /** Exports what waits, within a time limit. */
  close(): Promise<void>;
}
