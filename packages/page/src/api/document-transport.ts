// The data of a report: recorded answers of the API, inside the document.

import { failure, success } from "./answer.js";
import { pathWith, type Transport } from "./transport.js";

/** Id of the script element that holds the data of a report. */
export const REPORT_ELEMENT = "sintonia-report";

/** The data of a report. */
export interface ReportDocument {
  /**
   * JSON answers by path below /api/v1, with the parameters in alphabetical order. A path without
   * parameters answers every request to the path whose parameters have no answer of their own.
   */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** Returns a transport that answers from the data of a report. */
export function documentTransport({ answers }: ReportDocument): Transport {
  return {
    get: async (path, query) => {
      const key = [pathWith(path, query), path].find((key) => Object.hasOwn(answers, key));
      return key === undefined ? failure("NOT_FOUND", "The report does not contain this.") : success(answers[key]);
    },
    post: async () => failure("FAILED_PRECONDITION", "A report changes nothing."),
    address: () => undefined,
  };
}
