import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { NumberWriter } from "../content/numbers.js";
import type { Words } from "../text/words.js";

/** What a section is written from. */
export interface SectionContext {
  readonly study: Study;
  readonly trials: readonly Trial[];
  /** The spec as the coordinator accepted it. */
  readonly spec: StudySpec;
  readonly words: Words;
  readonly numbers: NumberWriter;
}

/** Returns the trial that the study selected; undefined before. */
export function bestOf({ study, trials }: SectionContext): Trial | undefined {
  return trials.find(({ id }) => id !== "" && id === study.bestTrialId);
}

/** Returns the word for the member of an enumeration, or the member's name without a word. */
export function wordOf(words: Words, members: Readonly<Record<string, string | number>>, value: number): string {
  const name = Object.entries(members).find(([, number]) => number === value)?.[0] ?? String(value);
  return words.names[name] ?? name.toLowerCase();
}

/** Returns a parameter value as a text. */
export function valueText({ numbers }: SectionContext, value: number | string | boolean): string {
  return typeof value === "number" ? numbers.number(value) : String(value);
}
