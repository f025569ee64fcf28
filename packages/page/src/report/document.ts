// The data of a report: recorded answers of the page's API, so that the page reads a report as it
// reads a server.

/** Name and version of the form. */
export const REPORT_FORMAT = "sintonia-report/1";

/** The answers of the API, as JSON, by path with the names of the query in order. */
export type Answers = Readonly<Record<string, unknown>>;

/** The data of one study's report. */
export interface ReportDocument {
  readonly format: typeof REPORT_FORMAT;
  /** Version of Sintonia that wrote the report. */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly writtenAt: string;
  readonly studyId: string;
  readonly answers: Answers;
}

/** Returns the path of a study in the API. */
export function studyPath(studyId: string): string {
  return `/api/v1/studies/${encodeURIComponent(studyId)}`;
}

/** Returns the key of learning curves. @param metric - "" for the objective's */
export function curvesPath(studyId: string, metric: string): string {
  return `${studyPath(studyId)}/curves${metric === "" ? "" : `?${new URLSearchParams({ metric })}`}`;
}

/** Returns the key of the surrogate's answer. @param second - for a contour */
export function surrogatePath(studyId: string, parameter: string, second?: string): string {
  const query = new URLSearchParams({ parameter, ...(second === undefined ? {} : { secondParameter: second }) });
  return `${studyPath(studyId)}/surrogate?${query}`;
}
