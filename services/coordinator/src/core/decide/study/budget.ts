import type { Rejection } from "../../boundary/answer.js";
import type { ExtendStudy } from "../../boundary/input.js";
import { maxTrialsOf, type Study } from "../../state/study.js";
import { answerOnly, type Decision } from "../decision.js";

/**
 * Gives an active study a larger budget of trials. An ended study is refused: its test split has
 * been read, and a second choice of the best trial would no longer be independent of that figure.
 */
export function extendStudy(study: Study, { maxTrials }: ExtendStudy): Decision {
  const rejection = searchClosure(study) ?? smaller(study, maxTrials);
  if (rejection !== undefined) return answerOnly({ kind: "rejected", rejection });
  if (maxTrials === maxTrialsOf(study)) return answerOnly({ kind: "done" });
  return { events: [{ type: "budget-extended", maxTrials }], answer: { kind: "done" } };
}

/** Returns why the search of a study takes no wish for trials; undefined if it does. */
export function searchClosure({ status, stopping, searchEnded }: Study): Rejection | undefined {
  if (status !== "active") return { code: "STUDY_NOT_ACTIVE", status };
  if (stopping !== undefined) return { code: "STUDY_STOPPING" };
  return searchEnded === true ? { code: "SEARCH_ENDED" } : undefined;
}

function smaller(study: Study, maxTrials: number): Rejection | undefined {
  const present = maxTrialsOf(study);
  return maxTrials < present ? { code: "BUDGET_LARGER", maxTrials: present } : undefined;
}
