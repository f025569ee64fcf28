// The study machine: one study's durable state and the little that lives only as long as the process.

import { InvariantError } from "@sintonia/runtime/errors";
import { acquireLease } from "./decide/acquire-lease.js";
import { completeTrial } from "./decide/complete-trial.js";
import type { Decision } from "./decide/decision.js";
import { bestEvaluated, concludeIfDone, evaluationFailed, stopStudy } from "./decide/end-study.js";
import { expireLeases } from "./decide/expire-leases.js";
import { failTrial } from "./decide/fail-trial.js";
import { heartbeat } from "./decide/heartbeat.js";
import { reportEpoch } from "./decide/report-epoch.js";
import { suggestionReady } from "./decide/suggestion-ready.js";
import type { Effect } from "./effect.js";
import { effectsOf, recoveryEffects } from "./follow-up.js";
import type { Answer, CreateStudy, StudyInput } from "./input.js";
import type { StudyEvent } from "./study/event.js";
import { evolveAll } from "./study/evolve.js";
import { isLeased, type Study } from "./study/study.js";
import { initialTransient, type Transient, transientAfter, wantsSuggestion } from "./transient.js";

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
}

/** What an input led to. `events` are to be stored before `effects` are run or `answer` is given. */
export interface Step {
  readonly machine: Machine;
  readonly events: readonly StudyEvent[];
  readonly effects: readonly Effect[];
  readonly answer: Answer;
}

/** Begins a study. */
export function create({ studyId, spec }: CreateStudy, now: Now): Step {
  const events: StudyEvent[] = [{ type: "study-created", studyId, spec }];
  return finish(undefined, initialTransient(), { events, answer: { kind: "done" } }, now, { leaseTtlMs: 0 });
}

/** The study machine. A function of its arguments: the same state, input and time give the same step. */
export function apply(machine: Machine, input: StudyInput, now: Now, rules: Rules): Step {
  const { study, transient } = machine;
  const decision = decide(machine, input, now);
  const heard = {
    ...transient,
    ...(input.type === "tick" ? { capacity: input.capacity } : {}),
    ...(input.type === "suggestion-ready" ? { suggesting: false } : {}),
  };
  return finish(study, heard, decision, now, rules);
}

/**
 * Takes up a study that was replayed from its log: every lease that was valid gets a full time to live, since no clock
 * survived to judge it; everything that may not have been done is asked for again.
 */
export function recover(study: Study, now: Now, rules: Rules): Step {
  const deadlines = new Map(
    study.trials.filter(isLeased).map((trial) => [trial.id, now.monotonicMs + rules.leaseTtlMs]),
  );
  const transient = { ...initialTransient(), deadlines };
  const step = finish(study, transient, { events: [], answer: { kind: "done" } }, now, rules);
  return { ...step, effects: [...recoveryEffects(study), ...step.effects] };
}

function decide({ study, transient }: Machine, input: StudyInput, now: Now): Decision {
  switch (input.type) {
    case "acquire-lease":
      return acquireLease(study, input);
    case "report-epoch":
      return reportEpoch(study, input);
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
    case "best-evaluated":
      return bestEvaluated(study, input);
    case "evaluation-failed":
      return evaluationFailed(study, input);
    case "tick":
      return expireLeases(study, transient.deadlines, now.monotonicMs);
  }
}

function finish(before: Study | undefined, transient: Transient, decision: Decision, now: Now, rules: Rules): Step {
  const decided = evolveAll(before, decision.events, now.wallMs);
  if (decided === undefined) throw new InvariantError("A step must leave a study.");
  const conclusion = concludeIfDone(decided);
  const events = [...decision.events, ...conclusion];
  const study = evolveAll(decided, conclusion, now.wallMs) ?? decided;
  const renewed = decision.renew === undefined ? [] : [decision.renew];
  const followed = transientAfter(transient, study, { events, renewed, expiry: now.monotonicMs + rules.leaseTtlMs });
  const suggesting = followed.suggesting || wantsSuggestion(study, followed);
  const request: Effect[] =
    suggesting && !followed.suggesting ? [{ type: "request-suggestion", trialNumber: study.trials.length }] : [];
  return {
    machine: { study, transient: { ...followed, suggesting } },
    events,
    effects: [...effectsOf(events, study, before), ...request],
    answer: decision.answer,
  };
}
