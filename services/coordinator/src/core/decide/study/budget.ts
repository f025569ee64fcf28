import type { SearchLimits } from "@sintonia/tuning/spec/study-spec";
import type { Rejection } from "../../boundary/answer.js";
import type { ExtendStudy } from "../../boundary/input.js";
import { isLarger, isReached, limitOf, SEARCH_LIMITS } from "../../budget/limits.js";
import { type StudyTimes, usedOf } from "../../budget/used.js";
import type { ExtendedLimits } from "../../state/event.js";
import { isOver, maxTrialsOf, type Study } from "../../state/study.js";
import { answerOnly, type Decision } from "../decision.js";

/**
 * Gives a study larger limits. One that has completed or was stopped searches on: its record says
 * how often the test split has been read. One that has failed is refused.
 *
 * @param times - the present times of the study
 */
export function extendStudy(study: Study, { limits }: ExtendStudy, times: StudyTimes): Decision {
  const closed = isOver(study) ? failure(study) : searchClosure(study);
  const rejection = closed ?? smaller(study, limits);
  if (rejection !== undefined) return answerOnly({ kind: "rejected", rejection });
  const isSame = SEARCH_LIMITS.every((limit) => limits[limit] === undefined || limits[limit] === limitOf(study, limit));
  if (isSame || study.isDeleted === true) return answerOnly({ kind: "done" });
  const spent = isOver(study) ? stillSpent(study, limits, times) : undefined;
  if (spent !== undefined) return answerOnly({ kind: "rejected", rejection: spent });
  const type = isOver(study) ? "study-reopened" : "budget-extended";
  return { events: [{ type, ...extension(study, limits) }], answer: { kind: "done" } };
}

function extension(study: Study, { maxTrials = maxTrialsOf(study), ...others }: Partial<SearchLimits>): ExtendedLimits {
  return Object.keys(others).length === 0 ? { maxTrials } : { maxTrials, limits: others };
}

function failure({ status, message = "" }: Study): Rejection | undefined {
  return status === "failed" ? { code: "STUDY_FAILED", message } : undefined;
}

/** Returns why the search of a study takes no wish for trials; undefined if it does. */
export function searchClosure({ status, stopping, searchEnded, spentLimit }: Study): Rejection | undefined {
  if (status !== "active") return { code: "STUDY_NOT_ACTIVE", status };
  if (stopping !== undefined) return { code: "STUDY_STOPPING" };
  return searchEnded === true || spentLimit !== undefined ? { code: "SEARCH_ENDED" } : undefined;
}

/** Refuses limits that the study does not have, and smaller ones. */
function smaller(study: Study, limits: Partial<SearchLimits>): Rejection | undefined {
  for (const limit of SEARCH_LIMITS) {
    const [wanted, present] = [limits[limit], limitOf(study, limit)];
    if (wanted === undefined || wanted === present) continue;
    if (present === undefined) return { code: "LIMIT_ABSENT", limit };
    if (isLarger(limit, wanted, present)) continue;
    if (limit === "maxTrials") return { code: "BUDGET_LARGER", maxTrials: present };
    return { code: "LIMIT_LARGER", limit, max: present };
  }
  return undefined;
}

/** Returns the first limit that would end the search at once after an extension. */
function stillSpent(study: Study, limits: Partial<SearchLimits>, times: StudyTimes): Rejection | undefined {
  for (const limit of SEARCH_LIMITS) {
    const max = limits[limit] ?? limitOf(study, limit);
    const used = usedOf(study, limit, times);
    if (max === undefined || used === undefined || !isReached(limit, used, max)) continue;
    return { code: "LIMIT_SPENT", limit, max, used };
  }
  return undefined;
}
