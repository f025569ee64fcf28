import type { CancelTrial } from "../boundary/input.js";
import { findTrial, hasEnded, type Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";

/**
 * Cancels a trial at a person's request, and lets the study go on. Its trainer learns of the end at
 * the next call under the lease. A cancelled trial keeps its first reason.
 */
export function cancelTrial(study: Study, { trialId, reason }: CancelTrial): Decision {
  const trial = findTrial(study, trialId);
  if (trial === undefined) return answerOnly({ kind: "rejected", rejection: { code: "TRIAL_UNKNOWN", trialId } });
  const { state } = trial;
  if (state === "cancelled") return answerOnly({ kind: "done" });
  if (hasEnded(trial)) {
    return answerOnly({ kind: "rejected", rejection: { code: "TRIAL_SETTLED", trialId, state } });
  }
  return { events: [{ type: "trial-cancelled", trialId, reason }], answer: { kind: "done" } };
}
