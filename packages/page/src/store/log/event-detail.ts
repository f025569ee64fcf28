import type { StudyEvent } from "@sintonia/proto/sintonia/v1/admin";
import type { Reader } from "../../text/reader.js";
import { fieldsOf } from "./attempts.js";

/** Fields that tell a person something, in the order of the text. */
const TOLD = [
  "trainerId",
  "attempt",
  "epoch",
  "objective",
  "status",
  "maxTrials",
  "limits",
  "limit",
  "max",
  "tests",
  "retries",
  "values",
  "metrics",
  "trialIds",
  "reason",
  "message",
] as const;

/** Returns the fields of an event in one line. */
export function eventDetail(event: StudyEvent, reader: Reader): string {
  const fields = fieldsOf(event);
  const measurement = fields["measurement"] as { epoch?: number; metrics?: object } | undefined;
  const all: Record<string, unknown> = {
    ...fields,
    ...(measurement && { epoch: measurement.epoch, metrics: measurement.metrics }),
  };
  return TOLD.flatMap((name) => fieldText(name, all[name], reader)).join(" · ");
}

function fieldText(name: string, value: unknown, reader: Reader): string[] {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value === "object") return objectText(value, reader);
  if (typeof value === "number") return [`${name} ${reader.number(name === "epoch" ? value + 1 : value)}`];
  return [String(value)];
}

function objectText(value: object, reader: Reader): string[] {
  const parts = Object.entries(value).map(([name, inner]) => {
    const text = typeof inner === "number" ? reader.number(inner) : String(inner);
    return Array.isArray(value) ? text : `${name} ${text}`;
  });
  return parts.length === 0 ? [] : [parts.join(", ")];
}
