// The state machine of a study. A study has one of these statuses:
//
// status       entered when                                left when
// active       a person creates the study                  the stopping rule applies, or a person
//                                                          stops the study (decide/study-end.ts)
// finalizing   the search ends or is stopped, and a        the best trial is evaluated, or its
//              trial has completed                         evaluation fails
// completed    the best trial is evaluated                 never
// stopped      a person stopped the study, and its best    never
//              trial, if any, is evaluated
// failed       too many trials failed in a row, no trial   never
//              completed, or the evaluation failed
//
// state/transitions.ts lists the states of a trial and all allowed transitions.

import { InvariantError } from "@sintonia/runtime/errors";
import type { Effect } from "./boundary/effect.js";
import type { CreateStudy, StudyInput } from "./boundary/input.js";
import type { Step } from "./boundary/step.js";
import { bestEvaluated, contendersReady, evaluationFailed, selectionReady } from "./decide/best-trial.js";
import { resumeTrial, saveCheckpoint } from "./decide/checkpoint.js";
import type { Decision } from "./decide/decision.js";
import { reportEpoch } from "./decide/epoch.js";
import { acquireLease, expireLeases, heartbeat } from "./decide/lease.js";
import { nextReplicates, suggestionReady } from "./decide/new-trial.js";
import { concludeIfDone, stopStudy } from "./decide/study-end.js";
import { completeTrial, failTrial } from "./decide/trial-end.js";
import { assignment, effectsOf, recoveryEffects } from "./follow-up.js";
import type { StudyEvent } from "./state/event.js";
import { evolveAll } from "./state/evolve.js";
import {
  freeCapacity,
  initialTransient,
  overdueAssignments,
  type State,
  type Transient,
  transientAfter,
  wantsSuggestion,
} from "./state/state.js";
import { isLeased, type Study } from "./state/study.js";

/** The time of an input. */
export interface Now {
  /**
   * Monotonic time in milliseconds from an arbitrary zero. Decides whether a lease has expired.
   */
  readonly monotonicMs: number;
  /** Milliseconds since 1970. Recorded in events and never compared. */
  readonly wallMs: number;
}

/** The times that all studies of a coordinator share. */
export interface Rules {
  /** Time to live of a lease after each renewal, in milliseconds. */
  readonly leaseTtlMs: number;
  /**
   * Time after which an assignment that no trainer has accepted is published again, in
   * milliseconds.
   */
  readonly republishAfterMs: number;
}

/** Creates a study. */
export function create({ studyId, spec }: CreateStudy, now: Now, rules: Rules): Step {
  const events: StudyEvent[] = [{ type: "study-created", studyId, spec }];
  return finish({ transient: initialTransient() }, { events, answer: { kind: "done" } }, now, rules);
}

/** Decides the result of an input. A pure function: equal arguments give equal steps. */
export function apply(state: State, input: StudyInput, now: Now, rules: Rules): Step {
  const decision = decide(state, input, now);
  const transient = {
    ...state.transient,
    ...(input.type === "tick" ? { capacity: input.capacity } : {}),
    ...(input.type === "suggestion-ready" ? { suggesting: false } : {}),
  };
  const overdue =
    input.type === "tick" ? overdueAssignments(state.study, transient, now.monotonicMs - rules.republishAfterMs) : [];
  return finish({ study: state.study, transient }, decision, now, rules, overdue.map(assignment));
}

/**
 * Resumes a study that the shell replayed from its log. Every lease gets a full time to live,
 * since no clock survived that could tell its age. The step repeats every effect that the former
 * process may not have carried out.
 */
export function recover(study: Study, now: Now, rules: Rules): Step {
  const expiry = now.monotonicMs + rules.leaseTtlMs;
  const deadlines = new Map(study.trials.filter(isLeased).map((trial) => [trial.id, expiry]));
  const transient = { ...initialTransient(), deadlines };
  return finish({ study, transient }, { events: [], answer: { kind: "done" } }, now, rules, recoveryEffects(study));
}

function decide({ study, transient }: State, input: StudyInput, now: Now): Decision {
  switch (input.type) {
    case "acquire-lease":
      return acquireLease(study, input);
    case "report-epoch":
      return reportEpoch(study, input);
    case "save-checkpoint":
      return saveCheckpoint(study, input);
    case "resume-trial":
      return resumeTrial(study, input);
    case "heartbeat":
      return heartbeat(study, input);
    case "complete-trial":
      return completeTrial(study, input);
    case "fail-trial":
      return failTrial(study, input);
    case "stop-study":
      return stopStudy(study, input);
    case "suggestion-ready":
      return suggestionReady(study, input);
    case "contenders-ready":
      return contendersReady(study, input);
    case "selection-ready":
      return selectionReady(study, input);
    case "best-evaluated":
      return bestEvaluated(study, input);
    case "evaluation-failed":
      return evaluationFailed(study, input);
    case "tick":
      return expireLeases(study, transient.deadlines, now.monotonicMs);
  }
}

/**
 * Adds what follows from a decision: the study's conclusion, replicates, effects, and the next
 * request to the oracle.
 */
function finish(
  { study: before, transient }: { study?: Study; transient: Transient },
  decision: Decision,
  now: Now,
  rules: Rules,
  repeated: readonly Effect[] = [],
): Step {
  const { events, study } = conclude({ before, decided: decision.events, transient }, now.wallMs);
  const effects = [...effectsOf(events, study, before), ...repeated];
  const followed = transientAfter(transient, study, {
    renewed: [...events.flatMap(grantedTrial), ...(decision.renew === undefined ? [] : [decision.renew])],
    published: effects.flatMap((effect) => (effect.type === "publish-assignment" ? [effect.trialId] : [])),
    expiry: now.monotonicMs + rules.leaseTtlMs,
    nowMs: now.monotonicMs,
  });
  const asks = !followed.suggesting && wantsSuggestion(study, followed);
  const { trials, eventCount } = study;
  const request: Effect[] = asks ? [{ type: "request-suggestion", trialNumber: trials.length, basis: eventCount }] : [];
  return {
    state: { study, transient: asks ? { ...followed, suggesting: true } : followed },
    events,
    effects: [...effects, ...request],
    answer: decision.answer,
  };
}

interface Decided {
  readonly before: Study | undefined;
  readonly decided: readonly StudyEvent[];
  readonly transient: Transient;
}

/**
 * Returns the decided events followed by those of the stopping rule and of replicates, and the
 * study after all events.
 */
function conclude({ before, decided, transient }: Decided, wallMs: number) {
  const study = evolveAll(before, decided, wallMs);
  if (study === undefined) throw new InvariantError("A step must leave a study.");
  const conclusion = [...concludeIfDone(study), ...nextReplicates(study, freeCapacity(study, transient))];
  return { events: [...decided, ...conclusion], study: evolveAll(study, conclusion, wallMs) ?? study };
}

function grantedTrial(event: StudyEvent): readonly string[] {
  return event.type === "lease-granted" ? [event.trialId] : [];
}
