// Metrics in lines that a program prints for people or for another tuner.

import { runInNewContext } from "node:vm";
import { isObject, parseJson } from "./json-line.js";
import type { ReportLine } from "./report.js";
import { isMetricName, metricsProblem, parseReportLine } from "./report-line.js";

/**
 * Where the metrics of a program come from; the same words as in a plan. A pattern is "name=value",
 * "json-lines", or a regular expression with the groups name and value, and maybe epoch. Every
 * program may also report on the report channel.
 */
export type MetricsSource =
  | { readonly from: "report" }
  | { readonly from: "stdout"; readonly pattern: string }
  /** `path` is relative to the working folder. */
  | { readonly from: "file"; readonly path: string; readonly pattern: string };

/** Returns what a line says, or undefined for a line without metrics. */
export type LineScanner = (line: string) => ReportLine | undefined;

/**
 * Longest time in ms that a regular expression may take for one line, so that no expression stops
 * the trainer.
 */
const PATTERN_MAX_MS = 500;
const NAME_MAX_LENGTH = 100;
const NAME_CHARACTER = /[\w.|/-]/;
const VALUE = /^\s*([+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf(?:inity)?))(?!\w)/i;

/**
 * Returns the scanner of a pattern.
 *
 * @throws {SyntaxError} if the pattern is not a regular expression with the groups name and value
 */
export function scannerOf(pattern: string, objective: string | undefined): LineScanner {
  if (pattern === "name=value") return scanNameValue;
  if (pattern === "json-lines") return (line) => scanJson(line, objective);
  return patternScanner(pattern);
}

/** Finds every `name=value` of a line, as Katib's collector does. Other text is ignored. */
function scanNameValue(line: string): ReportLine | undefined {
  const metrics: Record<string, number> = {};
  for (let sign = line.indexOf("="); sign >= 0; sign = line.indexOf("=", sign + 1)) {
    const name = nameBefore(line, sign);
    const value = VALUE.exec(line.slice(sign + 1, sign + 65))?.[1];
    if (value !== undefined && isMetricName(name)) metrics[name] = numberOf(value);
  }
  return Object.keys(metrics).length === 0 ? undefined : { kind: "scraped", metrics };
}

/**
 * Returns the name that ends before a position, blanks aside. Scans each character at most once.
 */
function nameBefore(line: string, position: number): string {
  let end = position;
  while (end > 0 && (line[end - 1] === " " || line[end - 1] === "\t")) end--;
  let start = end;
  while (start > 0 && end - start <= NAME_MAX_LENGTH && NAME_CHARACTER.test(line[start - 1] ?? "")) start--;
  return line.slice(start, end);
}

/** Returns the number that a text stands for, also "nan" and "inf" as Python writes them. */
function numberOf(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

/**
 * Reads a JSON object: a report, or an object whose numbers are metrics. Other lines are ignored.
 */
function scanJson(line: string, objective: string | undefined): ReportLine | undefined {
  if (!line.trimStart().startsWith("{")) return undefined;
  const value = parseJson(line);
  if (!isObject(value)) return undefined;
  if (isObject(value["metrics"]) || "infeasible" in value) return parseReportLine(line);
  const problem =
    objective !== undefined && objective in value ? metricsProblem({ [objective]: value[objective] }) : undefined;
  if (problem !== undefined) return { kind: "fault", message: problem };
  const numbers = Object.entries(value).filter(([name, number]) => typeof number === "number" && isMetricName(name));
  const { epoch, ...metrics } = Object.fromEntries(numbers) as Record<string, number>;
  if (Object.keys(metrics).length === 0) return undefined;
  return epoch === undefined ? { kind: "scraped", metrics } : { kind: "scraped", metrics, epoch };
}

function patternScanner(pattern: string): LineScanner {
  const expression = new RegExp(pattern, "gu");
  const hasGroups = ["name", "value"].every((group) => pattern.includes(`(?<${group}>`));
  if (!hasGroups) throw new SyntaxError("the pattern has no groups (?<name>…) and (?<value>…)");
  return (line) => {
    try {
      const matches = runInNewContext(
        "scan()",
        { scan: () => [...line.matchAll(expression)] },
        { timeout: PATTERN_MAX_MS },
      );
      return matchedMetrics(matches as RegExpExecArray[]);
    } catch {
      return { kind: "fault", message: `printed a line on which the pattern took longer than ${PATTERN_MAX_MS} ms` };
    }
  };
}

function matchedMetrics(matches: readonly RegExpExecArray[]): ReportLine | undefined {
  const metrics: Record<string, number> = {};
  let epoch: number | undefined;
  for (const { groups = {} } of matches) {
    const value = VALUE.exec(groups["value"] ?? "")?.[1];
    if (value !== undefined && isMetricName(groups["name"] ?? "")) metrics[groups["name"] as string] = numberOf(value);
    if (groups["epoch"] !== undefined) epoch = Number(groups["epoch"]);
  }
  if (Object.keys(metrics).length === 0) return undefined;
  return epoch === undefined ? { kind: "scraped", metrics } : { kind: "scraped", metrics, epoch };
}
