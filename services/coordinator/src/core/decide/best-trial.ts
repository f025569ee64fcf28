import type { ContendersReady, SelectionReady } from "../boundary/input.js";
import type { Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";

/** Takes the trials that are to be executed again, unless they are known or the study has been stopped since. */
export function contendersReady(study: Study, { trialIds }: ContendersReady): Decision {
  const done = { kind: "done" } as const;
  const isAwaited = study.status === "active" && study.searchEnded === true && study.contenders === undefined;
  if (!isAwaited) return answerOnly(done);
  // One alone could not be compared.
  return { events: [{ type: "contenders-chosen", trialIds: trialIds.length < 2 ? [] : trialIds }], answer: done };
}

/** Takes the choice of the best trial; a repeat changes nothing. */
export function selectionReady(study: Study, { selection }: SelectionReady): Decision {
  const done = { kind: "done" } as const;
  if (study.status !== "finalizing" || study.bestTrialId !== undefined) return answerOnly(done);
  return { events: [{ type: "best-selected", selection }], answer: done };
}
