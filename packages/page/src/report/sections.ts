import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Language } from "../text/language.js";
import type { Section } from "./content/block.js";
import { numberWriter } from "./content/numbers.js";
import { frontSections } from "./section/front.js";
import { type Origin, reproductionSection } from "./section/reproduction.js";
import { resultSection } from "./section/result.js";
import { setupSection } from "./section/setup.js";
import { testSection } from "./section/test-split.js";
import { trialsSection } from "./section/trials.js";
import { ENGLISH } from "./text/english.js";
import { SPANISH } from "./text/spanish.js";

/** What a report is written from. */
export interface ReportSource {
  readonly study: Study;
  /** All trials, in the order of their ids. */
  readonly trials: readonly Trial[];
  readonly origin: Origin;
}

const WORDS = { en: ENGLISH, es: SPANISH } as const;

/**
 * Writes the text of a report. Pure: the same study gives the same text.
 *
 * @throws {SyntaxError} if the study's spec is no JSON
 */
export function reportSections({ study, trials, origin }: ReportSource, language: Language): readonly Section[] {
  const words = WORDS[language];
  const spec: StudySpec = JSON.parse(study.specJson);
  const context = { study, trials, spec, words, numbers: numberWriter(words.locale) };
  return [
    resultSection(context),
    ...frontSections(context),
    testSection(context),
    setupSection(context),
    trialsSection(context),
    reproductionSection(context, origin),
  ];
}
