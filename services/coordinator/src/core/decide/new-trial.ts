// New trials: from the oracle's suggestions, and replicates of the contenders once the search has
// ended.

import type { Outlook, Suggestion } from "@sintonia/tuning/oracle/contract/suggestion";
import type { SuggestionsReady } from "../boundary/input.js";
import { limitOf } from "../budget/limits.js";
import { waitingPoint, waitingPoints } from "../points/enqueued.js";
import { missingReplicates } from "../query/replicates.js";
import { IMPROVEMENT_LIMITS, OUTLOOK_RUN, runsAfter } from "../spending/outlook-runs.js";
import type { EventOf } from "../state/event.js";
import { beginsTrials, findTrial, isSearching, type Study, trialIdOf } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";

/**
 * Queues a trial for each suggestion. Ignores suggestions for a trial that exists, of a study that
 * begins no trial, after the search has ended, or that would overtake an enqueued point. A run
 * of outlooks below a limit of improvement ends the search.
 */
export function suggestionsReady(study: Study, input: SuggestionsReady): Decision {
  const number = study.trials.length;
  const done = { kind: "done" } as const;
  if (!isSearching(study) || input.trialNumber !== number) return answerOnly(done);
  const { suggestions, basis } = input;
  if (suggestions === "exhausted") {
    return { events: waitingPoints(study) > 0 ? [] : [{ type: "oracle-exhausted" }], answer: done };
  }
  const accepted = inTurn(study, suggestions);
  const end = improvementEnd(study, accepted[0]?.outlook, basis);
  if (end !== undefined) return { events: [end], answer: done };
  const events = accepted.map(({ values, source, outlook }, i): EventOf<"trial-queued"> => {
    const retries = source === "enqueued" ? waitingPoint(study, i)?.retries : undefined;
    const further = { ...(retries === undefined ? {} : { retries }), ...(outlook === undefined ? {} : { outlook }) };
    return { type: "trial-queued", trialId: trialIdOf(number + i, study), values, source, basis, ...further };
  });
  return { events, answer: done };
}

/**
 * Returns the end of the search by an outlook, the last of a run below a limit of improvement;
 * undefined if the run is too short. The suggestion then becomes no trial.
 */
function improvementEnd(
  study: Study,
  outlook: Outlook | undefined,
  basis: number,
): EventOf<"budget-spent"> | undefined {
  if (outlook === undefined) return undefined;
  const { outlookRuns, spec, limits } = study;
  const runs = runsAfter(outlookRuns, { outlook, basis }, { ...spec.budget, ...limits });
  const limit = IMPROVEMENT_LIMITS.find((candidate) => runs[candidate] >= OUTLOOK_RUN);
  return limit && { type: "budget-spent", limit, max: limitOf(study, limit) ?? 0, outlook };
}

/** Returns the suggestions before the first one that would overtake an enqueued point. */
function inTurn(study: Study, suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const waiting = waitingPoints(study);
  const late = suggestions.findIndex(({ source }, i) => i < waiting && source !== "enqueued");
  return late < 0 ? suggestions : suggestions.slice(0, late);
}

/**
 * Queues the next replicates of an active study. A round ends before the next begins, so that
 * contenders have equal numbers of executions from early on.
 *
 * @param capacity - number of trials that trainers are free for; bounds the number of replicates
 */
export function nextReplicates(study: Study, capacity: number): readonly EventOf<"trial-queued">[] {
  if (!beginsTrials(study)) return [];
  const next = missingReplicates(study).slice(0, Math.max(0, capacity));
  return next.map((replicates, i) => ({
    type: "trial-queued",
    trialId: trialIdOf(study.trials.length + i, study),
    values: findTrial(study, replicates.trialId)?.values ?? {},
    source: "replicate",
    replicates,
  }));
}
