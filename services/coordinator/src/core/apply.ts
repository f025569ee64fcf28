// The study machine: one study's durable state and the little that lives only as long as the process.

import { InvariantError } from "@sintonia/runtime/errors";
import type { Effect } from "./boundary/effect.js";
import type { Answer, CreateStudy, StudyInput } from "./boundary/input.js";
import { contendersReady, selectionReady } from "./decide/best-trial.js";
import { saveCheckpoint } from "./decide/checkpoint.js";
import { completeTrial } from "./decide/complete-trial.js";
import type { Decision } from "./decide/decision.js";
import { reportEpoch } from "./decide/epoch.js";
import { expireLeases } from "./decide/expire-leases.js";
import { heartbeat } from "./decide/heartbeat.js";
import { acquireLease } from "./decide/lease.js";
import { suggestionReady } from "./decide/new-trial.js";
import { resumeTrial } from "./decide/resume-trial.js";
import { bestEvaluated, concludeIfDone, evaluationFailed, stopStudy } from "./decide/study-end.js";
import { failTrial } from "./decide/trial-end.js";
import { assignment, effectsOf, recoveryEffects } from "./follow-up.js";
import { nextReplicates, wantsReplicates } from "./query/replicates.js";
import type { StudyEvent } from "./state/event.js";
import { evolveAll } from "./state/evolve.js";
import {
  freePlaces,
  initialTransient,
  overdueOffers,
  type Transient,
  transientAfter,
  wantsSuggestion,
} from "./state/state.js";
import { isLeased, type Study } from "./state/study.js";

/** A study in a process. */
export interface Machine {
  readonly study: Study;
  readonly transient: Transient;
}

/** The time of an input. */
export interface Now {
  /** Never goes back; its zero has no meaning. Judges leases. */
  readonly monotonicMs: number;
  /** Milliseconds since 1970. Only recorded, never compared. */
  readonly wallMs: number;
}

/** Numbers that someone chose; the same for every study of a coordinator. */
export interface Rules {
  /** How long a lease lives after each renewal. */
  readonly leaseTtlMs: number;
  /** After how long an assignment that nobody has taken is put on the queue again. */
  readonly offerAgainMs: number;
}

/** What an input led to. `events` are to be stored before `effects` are run or `answer` is given. */
export interface Step {
  readonly machine: Machine;
  readonly events: readonly StudyEvent[];
  readonly effects: readonly Effect[];
  readonly answer: Answer;
}

/** Begins a study. */
export function create({ studyId, spec }: CreateStudy, now: Now, rules: Rules): Step {
  const events: StudyEvent[] = [{ type: "study-created", studyId, spec }];
  return finish({ transient: initialTransient() }, { events, answer: { kind: "done" } }, now, rules);
}

/** The study machine. A function of its arguments: the same state, input and time give the same step. */
export function apply(machine: Machine, input: StudyInput, now: Now, rules: Rules): Step {
  const decision = decide(machine, input, now);
  const transient = {
    ...machine.transient,
    ...(input.type === "tick" ? { capacity: input.capacity } : {}),
    ...(input.type === "suggestion-ready" ? { suggesting: false } : {}),
  };
  const overdue =
    input.type === "tick" ? overdueOffers(machine.study, transient, now.monotonicMs - rules.offerAgainMs) : [];
  return finish({ study: machine.study, transient }, decision, now, rules, overdue.map(assignment));
}

/**
 * Takes up a study that was replayed from its log: every lease that was valid gets a full time to live, since no clock
 * survived to judge it; everything that may not have been done is asked for again.
 */
export function recover(study: Study, now: Now, rules: Rules): Step {
  const expiry = now.monotonicMs + rules.leaseTtlMs;
  const deadlines = new Map(study.trials.filter(isLeased).map((trial) => [trial.id, expiry]));
  const transient = { ...initialTransient(), deadlines };
  return finish({ study, transient }, { events: [], answer: { kind: "done" } }, now, rules, recoveryEffects(study));
}

function decide({ study, transient }: Machine, input: StudyInput, now: Now): Decision {
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

function finish(
  { study: before, transient }: { study?: Study; transient: Transient },
  decision: Decision,
  now: Now,
  rules: Rules,
  again: readonly Effect[] = [],
): Step {
  const { events, study } = conclude({ before, decided: decision.events, transient }, now.wallMs);
  const effects = [...effectsOf(events, study, before), ...again];
  const followed = transientAfter(transient, study, {
    renewed: [...events.flatMap(grantedTrial), ...(decision.renew === undefined ? [] : [decision.renew])],
    offered: effects.flatMap((effect) => (effect.type === "publish-assignment" ? [effect.trialId] : [])),
    expiry: now.monotonicMs + rules.leaseTtlMs,
    nowMs: now.monotonicMs,
  });
  const asks = !followed.suggesting && wantsSuggestion(study, followed);
  const { trials, eventCount } = study;
  const request: Effect[] = asks ? [{ type: "request-suggestion", trialNumber: trials.length, basis: eventCount }] : [];
  return {
    machine: { study, transient: asks ? { ...followed, suggesting: true } : followed },
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

/** The decided events with those of the stopping rule or the replicates after them, and the study that they lead to. */
function conclude({ before, decided, transient }: Decided, wallMs: number) {
  const study = evolveAll(before, decided, wallMs);
  if (study === undefined) throw new InvariantError("A step must leave a study.");
  const conclusion = [...concludeIfDone(study), ...dueReplicates(study, transient)];
  return { events: [...decided, ...conclusion], study: evolveAll(study, conclusion, wallMs) ?? study };
}

/** Like suggestions, replicates are made as trainers come free for them. */
function dueReplicates(study: Study, transient: Transient): readonly StudyEvent[] {
  return study.status === "active" && wantsReplicates(study) ? nextReplicates(study, freePlaces(study, transient)) : [];
}

function grantedTrial(event: StudyEvent): readonly string[] {
  return event.type === "lease-granted" ? [event.trialId] : [];
}
