// The events and answers that follow from the verdicts of the pruner.

import type { Measurement } from "@sintonia/protocol/measurement";
import type { Verdict } from "@sintonia/tuning/pruner/contract/pruner";
import type { Answer } from "../boundary/answer.js";
import type { EventOf, StudyEvent } from "../state/event.js";
import { isSearching, type Study, type Trial, trialIdOf } from "../state/study.js";
import { hasPruner, promotions, reasonOf, verdictOn } from "./verdicts.js";

/** The events and the answer that follow from a verdict. */
interface Followed {
  readonly events: readonly StudyEvent[];
  readonly answer: Answer;
}

/** Judges a trial after a further measurement. */
export function judgeReport(study: Study, trial: Trial, measurement: Measurement): Followed {
  if (!hasPruner(study.spec)) return { events: [], answer: { kind: "continue" } };
  const measurements = [...trial.measurements, measurement];
  return follow(study, trial, verdictOn(study, { ...trial, state: "running", measurements }));
}

function follow(study: Study, { id: trialId }: Trial, verdict: Verdict): Followed {
  switch (verdict.kind) {
    case "continue":
      return { events: [], answer: { kind: "continue" } };
    case "promote":
      return { events: [{ type: "trial-promoted", trialId, rung: verdict.rung }], answer: { kind: "continue" } };
    case "pause":
      return { events: [], answer: { kind: "pause" } };
    case "prune": {
      const { evidence } = verdict;
      const message = reasonOf(study, evidence);
      return { events: [{ type: "trial-pruned", trialId, message, evidence }], answer: { kind: "stop" } };
    }
  }
}

/** Answers a repeated report. Only a pause is repeated: the other verdicts are events. */
export function answerRepeated(study: Study, trial: Trial): Followed["answer"] {
  return { kind: verdictOn(study, trial).kind === "pause" ? "pause" : "continue" };
}

/**
 * Judges a trial that its trainer has handed back: it waits at a rung, or goes on from it under the
 * next attempt.
 *
 * @param requeued - the event that returns the trial to the queue
 */
export function judgeHandBack(study: Study, trial: Trial, requeued: EventOf<"trial-requeued">): readonly StudyEvent[] {
  const { id: trialId } = trial;
  const verdict = trial.state === "running" ? verdictOn(study, trial) : undefined;
  if (verdict?.kind === "pause") return [{ type: "trial-paused", trialId, evidence: verdict.evidence }];
  if (verdict?.kind === "promote") return [{ type: "trial-promoted", trialId, rung: verdict.rung }, requeued];
  return [requeued];
}

/**
 * Promotes paused trials, which come before new ones.
 *
 * @param capacity - number of trials that trainers are free for; bounds the number of promotions
 */
export function nextPromotions(study: Study, capacity: number): readonly EventOf<"trial-promoted">[] {
  if (!isSearching(study) || capacity <= 0) return [];
  return promotions(study)
    .slice(0, capacity)
    .map(({ trialNumber, rung }) => ({
      type: "trial-promoted",
      trialId: trialIdOf(trialNumber, study),
      rung,
      attempt: (study.trials[trialNumber]?.attempt ?? 0) + 1,
    }));
}

/** Prunes the paused trials of a search that has no further promotion, with new evidence. */
export function prunePaused(study: Study): readonly EventOf<"trial-pruned">[] {
  return study.trials.flatMap((trial) => {
    if (trial.state !== "paused" || trial.evidence === undefined) return [];
    const verdict = verdictOn(study, trial);
    const evidence = verdict.kind === "pause" ? verdict.evidence : trial.evidence;
    return [{ type: "trial-pruned", trialId: trial.id, message: reasonOf(study, evidence), evidence } as const];
  });
}
