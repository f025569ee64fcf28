import { createHash, randomBytes } from "node:crypto";

/** Name of the header, in NATS and in gRPC, that carries the context of a trace. */
export const TRACEPARENT = "traceparent";

/** A span as its children and its trace know it (W3C Trace Context, level 1). */
export interface TraceContext {
  /** 32 hexadecimal digits, not all 0. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all 0. */
  readonly spanId: string;
  /** False if nothing of the trace is exported. */
  readonly isSampled: boolean;
}

/** What tells a trial from all others, also from one of a deleted study with the same name. */
interface TrialIdentity {
  readonly studyId: string;
  /** Wall time of the study's creation, in ms since 1970. */
  readonly createdAt: number;
  readonly trialId: string;
}

/**
 * Returns the context of a trial's root span. Every coordinator computes the same one, so that a
 * trial has one trace whatever restarts and whoever leads.
 */
export function trialContext({ studyId, createdAt, trialId }: TrialIdentity): TraceContext {
  const digest = createHash("sha256")
    .update(JSON.stringify([studyId, createdAt, trialId]))
    .digest("hex");
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48), isSampled: true };
}

/** Returns the context of a new span of a trace. */
export function childOf({ traceId, isSampled }: TraceContext): TraceContext {
  return { traceId, spanId: randomBytes(8).toString("hex"), isSampled };
}

/** Writes a context as the value of a `traceparent` header. */
export function writeTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

/** Reads the value of a `traceparent` header; undefined if it is not valid. */
export function readTraceparent(text: string): TraceContext | undefined {
  const [, version, traceId = "", spanId = "", flags = "", rest] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text) ?? [];
  if (version === undefined || version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
