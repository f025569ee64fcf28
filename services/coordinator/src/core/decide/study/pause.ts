// The pause of a study at a person's request: no further trial begins, and those under way go on.

import type { PauseStudy } from "../../boundary/input.js";
import type { Study } from "../../state/study.js";
import { answerOnly, type Decision } from "../decision.js";

/** Pauses an active study. A paused one keeps its first reason. */
export function pauseStudy(study: Study, { reason }: PauseStudy): Decision {
  if (study.pause !== undefined) return answerOnly({ kind: "done" });
  if (study.status !== "active") {
    return answerOnly({ kind: "rejected", rejection: { code: "STUDY_NOT_ACTIVE", status: study.status } });
  }
  return { events: [{ type: "study-paused", reason }], answer: { kind: "done" } };
}

/** Ends the pause of a study, if it is paused. */
export function resumeStudy({ pause }: Study): Decision {
  return { events: pause === undefined ? [] : [{ type: "study-resumed" }], answer: { kind: "done" } };
}
