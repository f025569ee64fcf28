// The end of every step: what follows from a decision.

import { InvariantError } from "@sintonia/runtime/errors";
import type { Effect } from "./boundary/effect.js";
import type { Now, Rules } from "./boundary/now.js";
import type { Step } from "./boundary/step.js";
import type { Decision } from "./decide/decision.js";
import { nextReplicates } from "./decide/new-trial.js";
import { overlongTrials } from "./decide/study/overlong.js";
import { spendingEvents } from "./decide/study/spending.js";
import { concludeIfDone } from "./decide/study/study-end.js";
import { effectsOf } from "./follow-up.js";
import { freeCapacity, wantedSuggestions } from "./points/wanted.js";
import { nextPromotions } from "./pruning/consequences.js";
import { activeMs } from "./query/waiting.js";
import { asksNothing, demandOf } from "./resources/fit.js";
import { type StudyEvent, trialsOf } from "./state/event.js";
import { evolveAll } from "./state/evolve.js";
import { type Transient, transientAfter } from "./state/state.js";
import type { Study } from "./state/study.js";

/**
 * Adds what follows from a decision: the study's conclusion, replicates, promotions, effects, and
 * the next request to the oracle.
 */
export function finish(
  { study: before, transient }: { study?: Study; transient: Transient },
  decision: Decision,
  now: Now,
  rules: Rules,
  repeated: readonly Effect[] = [],
): Step {
  const { events, study } = conclude({ before, decided: decision.events, transient }, now);
  const effects = [...effectsOf(events, study, before), ...repeated].filter((effect) =>
    isWanted(effect, study, transient),
  );
  const followed = transientAfter(recorded(transient, events), study, {
    changed: trialsOf(events),
    renewed: [...events.flatMap(grantedTrial), ...(decision.renew === undefined ? [] : [decision.renew])],
    published: effects.flatMap((effect) => (effect.type === "publish-assignment" ? [effect.trialId] : [])),
    expiry: now.monotonicMs + rules.leaseTtlMs,
    setAside: events.flatMap((event) => (event.type === "trainer-set-aside" ? [event.trainerId] : [])),
    readmission: now.monotonicMs + rules.setAsideMs,
    nowMs: now.monotonicMs,
  });
  const count = followed.suggesting ? 0 : wantedSuggestions(study, followed);
  const request = count === 0 ? [] : [suggestionRequest(study, count)];
  return {
    state: { study, transient: { ...followed, suggesting: followed.suggesting || count > 0 } },
    at: now.wallMs,
    events,
    effects: [...effects, ...request],
    answer: decision.answer,
  };
}

/**
 * Tells whether to carry an effect out. An assignment that no live trainer fits is not published:
 * the next tick with a fitting trainer finds it overdue.
 */
function isWanted({ type }: Effect, { spec }: Study, { trainerIds }: Transient): boolean {
  return type !== "publish-assignment" || trainerIds.length > 0 || asksNothing(demandOf(spec));
}

function suggestionRequest({ trials, eventCount }: Study, count: number): Effect {
  return { type: "request-suggestions", trialNumber: trials.length, basis: eventCount, count };
}

interface Decided {
  readonly before: Study | undefined;
  readonly decided: readonly StudyEvent[];
  readonly transient: Transient;
}

/**
 * Returns the decided events followed by those of the budget, of the stopping rule and of
 * replicates, and the study after all events.
 */
function conclude({ before, decided, transient }: Decided, { wallMs }: Pick<Now, "wallMs">) {
  const caused = evolveAll(before, decided, wallMs);
  if (caused === undefined) throw new InvariantError("A step must leave a study.");
  const overlong = overlongTrials(caused, wallMs);
  const after = evolveAll(caused, overlong, wallMs) ?? caused;
  // The study before the step: the time of its last event tells how long an interruption was.
  const active = before === undefined ? 0 : activeMs(before, wallMs, transient.resumedAt);
  const spending = spendingEvents(after, decided, { activeMs: active, wallMs });
  const study = evolveAll(after, spending, wallMs) ?? after;
  const conclusion = furtherEvents(study, freeCapacity(study, transient));
  const events = [...decided, ...overlong, ...spending, ...conclusion];
  if (events.length === 0 || transient.resumedAt === undefined) {
    return { events, study: evolveAll(study, conclusion, wallMs) ?? study };
  }
  // The first stored step of a resumed study also records the pause before it.
  const continued: StudyEvent[] = [{ type: "study-continued", since: transient.resumedAt }, ...events];
  return { events: continued, study: evolveAll(before, continued, wallMs) ?? study };
}

/** Returns the promotions of paused trials, or the conclusion and the next replicates. */
function furtherEvents(study: Study, capacity: number): readonly StudyEvent[] {
  const promoted = nextPromotions(study, capacity);
  if (promoted.length > 0) return promoted;
  const replicates = study.contenders === undefined ? [] : nextReplicates(study, capacity);
  return [...concludeIfDone(study), ...replicates];
}

/** Returns the transient state after a step that stores its events, with the pause among them. */
function recorded(transient: Transient, events: readonly StudyEvent[]): Transient {
  const { resumedAt: _, ...rest } = transient;
  return events.length === 0 ? transient : rest;
}

function grantedTrial(event: StudyEvent): readonly string[] {
  return event.type === "lease-granted" ? [event.trialId] : [];
}
