import { trialsMax } from "@sintonia/tuning/spec/selection";
import type { SuggestionReady } from "../boundary/input.js";
import { type Study, trialIdOf } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";

/** Makes a trial of a suggestion, or notes that there is none, unless it comes for a trial that exists already or too late. */
export function suggestionReady(study: Study, input: SuggestionReady): Decision {
  const number = study.trials.length;
  const done = { kind: "done" } as const;
  if (study.status !== "active" || study.searchEnded === true || input.trialNumber !== number) return answerOnly(done);
  if (input.suggestion === "exhausted") return { events: [{ type: "oracle-exhausted" }], answer: done };
  const { values, source } = input.suggestion;
  const { basis } = input;
  const trialId = trialIdOf(number, trialsMax(study.spec));
  return { events: [{ type: "trial-queued", trialId, values, source, basis }], answer: done };
}
