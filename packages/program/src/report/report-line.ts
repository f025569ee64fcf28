// The lines that a program writes to the report descriptor or the report file.

import { isObject, parseJson, shown } from "./json-line.js";
import { METRIC_NAME, METRICS_MAX, type ReportLine } from "./report.js";

const EXAMPLE = '{"metrics": {"val_accuracy": 0.91}}';
const KEYS = ["metrics", "epoch", "checkpoint"];

/** Parses one line of the report channel. Returns undefined for a blank line. */
export function parseReportLine(text: string): ReportLine | undefined {
  if (text.trim() === "") return undefined;
  const value = parseJson(text);
  if (!isObject(value)) return fault(`wrote a report that is not a JSON object such as ${EXAMPLE}: ${shown(text)}`);
  if ("infeasible" in value) return infeasibleLine(value["infeasible"]);
  if (!("metrics" in value)) return fault(`wrote a report without "metrics", as in ${EXAMPLE}: ${shown(value)}`);
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    return fault(`wrote a report with the key ${shown(unknown)}; the keys are ${KEYS.join(", ")} and infeasible`);
  }
  return reportOf(value);
}

function infeasibleLine(reason: unknown): ReportLine {
  if (typeof reason === "string") return { kind: "infeasible", reason };
  return fault(`reported infeasible without a text as its reason, but with ${shown(reason)}`);
}

function reportOf({ metrics, epoch, checkpoint = false }: Readonly<Record<string, unknown>>): ReportLine {
  if (!isObject(metrics)) return fault(`reported metrics that are no object of numbers: ${shown(metrics)}`);
  const problem = metricsProblem(metrics);
  if (problem !== undefined) return fault(problem);
  if (epoch !== undefined && !(Number.isSafeInteger(epoch) && (epoch as number) >= 0)) {
    return fault(`reported the epoch ${shown(epoch)}; an epoch is a whole number from 0`);
  }
  if (typeof checkpoint !== "boolean") return fault(`reported checkpoint: ${shown(checkpoint)}; it is true or false`);
  const report = { kind: "report", metrics: metrics as Readonly<Record<string, number>>, checkpoint } as const;
  return epoch === undefined ? report : { ...report, epoch: epoch as number };
}

/** Returns what is wrong with metrics, as the end of the sentence "The program …". */
export function metricsProblem(metrics: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.keys(metrics);
  if (names.length > METRICS_MAX) return `reported ${names.length} metrics at once; at most ${METRICS_MAX} are kept`;
  const unnamed = names.find((name) => !isMetricName(name));
  if (unnamed !== undefined)
    return `reported a metric named ${shown(unnamed)}; a name has 1 to 100 printable characters and is not __proto__`;
  const wrong = names.find((name) => typeof metrics[name] !== "number");
  return wrong === undefined ? undefined : `reported ${wrong} as ${explained(metrics[wrong])}`;
}

/** Tells whether a text may name a metric. */
export function isMetricName(name: string): boolean {
  return name !== "__proto__" && METRIC_NAME.test(name);
}

function explained(value: unknown): string {
  if (value === null) return "null; a metric is a number (JavaScript writes NaN as null)";
  const advice = typeof value === "string" ? "a number without quotes" : "a number";
  return `${shown(value)}; a metric is ${advice}`;
}

function fault(message: string): ReportLine {
  return { kind: "fault", message };
}
