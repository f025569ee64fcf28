import type { ReportDocument } from "../report/document.js";
import { failure, success } from "./answer.js";
import { BASE, pathWith, type Transport } from "./transport.js";

/** Id of the script element that holds the data of a report. */
export const REPORT_ELEMENT = "sintonia-report";

/**
 * Returns a transport that answers from the data of a report. A path without parameters answers
 * requests whose parameters have no answer of their own.
 */
export function documentTransport({ answers }: Pick<ReportDocument, "answers">): Transport {
  return {
    get: async (path, query) => {
      const key = [pathWith(path, query), path].map((path) => BASE + path).find((key) => Object.hasOwn(answers, key));
      return key === undefined ? failure("NOT_FOUND", "The report does not contain this.") : success(answers[key]);
    },
    post: async () => failure("FAILED_PRECONDITION", "A report changes nothing."),
    address: () => undefined,
  };
}
