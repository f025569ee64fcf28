// The forms of a report: a file for a browser, Markdown, and a document for notebooks.

import { createHash } from "node:crypto";
import { type Answers, REPORT_FORMAT } from "@sintonia/page/report/document";
import { reportHtml } from "@sintonia/page/report/html";
import { markdown } from "@sintonia/page/report/markdown";
import { reportSections } from "@sintonia/page/report/sections";
import type { Language } from "@sintonia/page/text/language";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { jsonText } from "../documents/json-text.js";
import { resultsDocument } from "../documents/results.js";
import { readPageBundle } from "./page-bundle.js";

/** How a report is written. */
export interface ReportSettings {
  readonly format: "html" | "md" | "json";
  readonly language: Language;
  /** Version of Sintonia. */
  readonly version: string;
  readonly now: Date;
}

/** A study, and how to read what its pictures show: that takes seconds, and Markdown has none. */
export interface ReportContent {
  readonly study: Study;
  readonly trials: readonly Trial[];
  readonly readAnswers: () => Promise<Answers>;
}

/** Writes a report. */
export async function reportText(
  { study, trials, readAnswers }: ReportContent,
  { format, language, version, now }: ReportSettings,
): Promise<string> {
  const origin = { version, writtenAt: now.toISOString() };
  const sections = (): ReturnType<typeof reportSections> => reportSections({ study, trials, origin }, language);
  if (format === "md") return markdown(study.name, sections());
  const answers = await readAnswers();
  if (format === "json") return jsonText({ ...resultsDocument(study, trials), origin, answers });
  return reportHtml({
    title: study.name,
    locale: language,
    bundle: readPageBundle(),
    document: { format: REPORT_FORMAT, ...origin, studyId: study.id, answers },
    sections: sections(),
    sha256: (text) => createHash("sha256").update(text).digest("base64"),
  });
}
