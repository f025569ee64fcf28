import type { Rejection } from "../../boundary/answer.js";
import type { ExtendStudy } from "../../boundary/input.js";
import { isOver, maxTrialsOf, type Study } from "../../state/study.js";
import { answerOnly, type Decision } from "../decision.js";

/**
 * Gives a study a larger budget of trials. One that has completed or was stopped searches on: its
 * record says how often the test split has been read. One that has failed is refused.
 */
export function extendStudy(study: Study, input: ExtendStudy): Decision {
  return isOver(study) ? reopen(study, input) : enlarge(study, input);
}

function reopen(study: Study, { maxTrials }: ExtendStudy): Decision {
  const { status, message = "" } = study;
  const rejection = status === "failed" ? ({ code: "STUDY_FAILED", message } as const) : smaller(study, maxTrials);
  if (rejection !== undefined) return answerOnly({ kind: "rejected", rejection });
  if (maxTrials === maxTrialsOf(study) || study.isDeleted === true) return answerOnly({ kind: "done" });
  return { events: [{ type: "study-reopened", maxTrials }], answer: { kind: "done" } };
}

function enlarge(study: Study, { maxTrials }: ExtendStudy): Decision {
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
