// What happened in an event, in words.

import { limitText } from "@sintonia/coordinator/core/budget/limits";
import type { EventOf, ExtendedLimits, StudyEvent } from "@sintonia/coordinator/core/state/event";
import { eventFault } from "@sintonia/coordinator/shell/study/record-schema";
import type { SearchLimit } from "@sintonia/tuning/spec/study-spec";
import { numberText, valueText } from "../number-text.js";
import type { StoredEvent } from "./read-events.js";

type Texts = { readonly [T in StudyEvent["type"]]: (event: EventOf<T>) => string };

/** The words of each event after the name of its subject. */
const TEXTS: Texts = {
  "study-created": ({ spec }) => `created as ${spec.name}`,
  "oracle-exhausted": ({ reason }) => `gets no further trials: ${reason ?? "the oracle has no other suggestion"}`,
  "trial-queued": ({ values, replicates, retries }) => {
    const plain = retries === undefined ? "queued" : `queued to retry trial ${retries}`;
    const origin = replicates === undefined ? plain : "queued to execute a contender again";
    return `${origin}: ${pairs(values, valueText)}`;
  },
  "point-enqueued": ({ values, retries }) => {
    return `gets ${retries === undefined ? "a point" : `a retry of trial ${retries}`}: ${pairs(values, valueText)}`;
  },
  "lease-granted": ({ trainerId, attempt, token }) => `leased by ${trainerId}: attempt ${attempt}, token ${token}`,
  "epoch-reported": ({ measurement: { epoch, metrics } }) => `epoch ${epoch + 1}: ${pairs(metrics, numberText)}`,
  "checkpoint-saved": ({ epoch }) => `checkpoint of epoch ${epoch + 1} saved`,
  "trial-resumed": ({ epoch }) => `resumes from the checkpoint of epoch ${epoch + 1}`,
  "trial-completed": ({ objective }) =>
    `completed: objective ${objective === null ? "unknown" : numberText(objective)}`,
  "trial-failed": ({ message }) => `failed: ${message}`,
  "trial-pruned": ({ message }) => `pruned: ${message}`,
  "trial-paused": () => "waits at a rung of the pruner for its promotion",
  "trial-promoted": ({ rung }) => `promoted from the rung of ${rung} epochs`,
  "trial-infeasible": ({ message }) => `infeasible: ${message}`,
  "trial-cancelled": ({ reason }) => (reason === undefined ? "cancelled" : `cancelled: ${reason}`),
  "trial-requeued": ({ attempt, reason, counted }) => {
    const cost = counted === false ? ", which costs no attempt" : "";
    return `back in the queue for attempt ${attempt}${cost}: ${reason}`;
  },
  "trainer-set-aside": ({ trialId, reason }) => `set aside because of trial ${trialId}: ${reason}`,
  "trainer-readmitted": () => "gets trials again",
  "search-ended": () => "has searched; the contenders are executed again",
  "contenders-chosen": ({ trialIds }) => `executes again: ${trialIds.length === 0 ? "no trial" : trialIds.join(", ")}`,
  "study-finalizing": ({ ending, message }) => `ends as ${ending}${message === undefined ? "" : `: ${message}`}`,
  "best-selected": ({ selection }) => `chooses trial ${selection.trialId} as the best`,
  "test-queued": ({ tests }) => `queued to test trial ${tests}`,
  "test-completed": ({ metrics }) => `completed: ${pairs(metrics, numberText)}`,
  "front-tested": ({ trialId }) => `has tested trial ${trialId} of the front`,
  "evaluation-paused": ({ message }) => `waits with the evaluation of the best trial: ${message}`,
  "study-paused": ({ reason }) => `paused: ${reason}`,
  "study-resumed": () => "resumed",
  "budget-extended": (event) => `may have ${budgetText(event)}`,
  "study-reopened": (event) => `goes on after its end: may have ${budgetText(event)}`,
  "budget-spent": ({ limit, max }) => `ends its search: the budget of ${limitText(limit, max)} is spent`,
  "study-stopping": ({ reason }) => `stops once its running trials have ended: ${reason}`,
  "study-continued": ({ since }) => `goes on, continued at ${new Date(since).toISOString()}`,
  "study-ended": ({ status, test, message }) => {
    const reason = message === undefined ? "" : `: ${message}`;
    return `${status}${test === undefined ? "" : `, test ${testText(test)}`}${reason}`;
  },
  "study-deleted": () => "deleted",
};

/** Returns what an event is about: "study", "trial 3", or the id of a trainer. */
export function subjectOf(event: StoredEvent): string {
  const { type, trainerId, trialId } = event as { type: string; trainerId?: unknown; trialId?: unknown };
  if (type.startsWith("trainer-") && typeof trainerId === "string") return trainerId;
  return typeof trialId === "string" ? `trial ${trialId}` : "study";
}

/** Returns what happened. An event of a later version is named by its type. */
export function eventText(event: StoredEvent): string {
  if (eventFault(event) !== undefined) return `${event.type} (not known to this version)`;
  const text = TEXTS[event.type as StudyEvent["type"]] as (event: StoredEvent) => string;
  return text(event);
}

function budgetText({ maxTrials, limits = {} }: ExtendedLimits): string {
  const all = Object.entries({ maxTrials, ...limits });
  return all.map(([limit, max]) => limitText(limit as SearchLimit, max)).join(", ");
}

function testText({ scores, loss, accuracy }: NonNullable<EventOf<"study-ended">["test"]>): string {
  return pairs({ loss, ...(scores === undefined ? { accuracy } : pairsOf(scores)) }, numberText);
}

function pairsOf(scores: readonly { readonly name: string; readonly value: number }[]): Record<string, number> {
  return Object.fromEntries(scores.map(({ name, value }) => [name, value]));
}

function pairs<T>(values: Readonly<Record<string, T>>, text: (value: T) => string): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${text(value)}`)
    .join(", ");
}
