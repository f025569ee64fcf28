import type { ReportDocument } from "../report/document.js";
import { failure, success } from "./answer.js";
import { BASE, pathWith, type Transport } from "./transport.js";

/** Id of the script element that holds the data of a report. */
export const REPORT_ELEMENT = "sintonia-report";

/**
 * Parameters by which a report does not tell answers apart: it has each list whole, and one answer
 * for each pair of parameters of a surrogate.
 */
const IGNORED: ReadonlySet<string> = new Set([
  "pageToken",
  "trialId",
  "withMeasurements",
  "maxPoints",
  "steps",
  "afterSequence",
  "withEpochs",
]);

/** Returns a transport that answers from the data of a report. */
export function documentTransport({ answers }: Pick<ReportDocument, "answers">): Transport {
  return {
    get: async (path, query = {}) => {
      const asked = Object.fromEntries(Object.entries(query).filter(([name]) => !IGNORED.has(name)));
      const key = BASE + pathWith(path, asked);
      return Object.hasOwn(answers, key)
        ? success(answers[key])
        : failure("NOT_FOUND", "The report does not contain this.");
    },
    post: async () => failure("FAILED_PRECONDITION", "A report changes nothing."),
    address: () => undefined,
  };
}
