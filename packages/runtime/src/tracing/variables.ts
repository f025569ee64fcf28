import { oneOf, text } from "../config.js";

/**
 * The variables of OpenTelemetry that decide whether a service exports traces. Its exporter and its
 * resource read further ones by themselves, such as OTEL_EXPORTER_OTLP_HEADERS and
 * OTEL_RESOURCE_ATTRIBUTES.
 */
export const TRACING_VARIABLES = {
  otlpEndpoint: {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    doc: "Address of an OpenTelemetry collector, whose /v1/traces gets the traces of trials; none if unset.",
    optional: true,
    ...text("a URL, such as http://collector:4318"),
  },
  otlpTracesEndpoint: {
    name: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    doc: "The same for traces alone, with the whole path.",
    optional: true,
    ...text("a URL, such as http://collector:4318/v1/traces"),
  },
  otlpProtocol: {
    name: "OTEL_EXPORTER_OTLP_PROTOCOL",
    doc: "Encoding of exported traces.",
    default: "http/protobuf",
    ...oneOf(["http/protobuf", "http/json"]),
  },
} as const;
