// The forms of a report: a file for a browser, Markdown, and a document for notebooks.

import { createHash } from "node:crypto";
import { REPORT_FORMAT } from "@sintonia/page/report/document";
import { reportHtml } from "@sintonia/page/report/html";
import { markdown } from "@sintonia/page/report/markdown";
import { reportSections } from "@sintonia/page/report/sections";
import type { Language } from "@sintonia/page/text/language";
import { jsonText } from "../documents/json-text.js";
import { resultsDocument } from "../documents/results.js";
import { readPageBundle } from "./page-bundle.js";
import type { ReportContent } from "./read-report.js";

/** How a report is written. */
export interface ReportSettings {
  readonly format: "html" | "md" | "json";
  readonly language: Language;
  /** Version of Sintonia. */
  readonly version: string;
  readonly now: Date;
}

/** Writes a report. */
export function reportText(content: ReportContent, { format, language, version, now }: ReportSettings): string {
  const { study, trials, answers } = content;
  const origin = { version, writtenAt: now.toISOString() };
  if (format === "json") return jsonText({ ...resultsDocument(study, trials), origin, answers });
  const sections = reportSections({ study, trials, origin }, language);
  if (format === "md") return markdown(study.name, sections);
  return reportHtml({
    title: study.name,
    locale: language,
    bundle: readPageBundle(),
    document: { format: REPORT_FORMAT, ...origin, studyId: study.id, answers },
    sections,
    sha256: (text) => createHash("sha256").update(text).digest("base64"),
  });
}
