// The state machine of a study. A study has one of these statuses:
//
// status       entered when                                left when
// active       a person creates or extends it              the stopping rule applies, or a person
//                                                          stops the study (decide/study)
// finalizing   the search ends or is stopped, and a        the best trial is evaluated, its test
//              trial has completed                         run ends, or a person stops the test run
//                                                          or a waiting evaluation
// completed    the best trial is evaluated                 a person extends the study
// stopped      a person stopped the study, and its best    a person extends the study
//              trial, if any, is evaluated
// failed       too many trials failed in a row, or no      never
//              trial completed
//
// A person may pause an active study: it begins no trial and does not end until it is resumed or
// stopped (decide/study/pause.ts). A person may also stop an active study after its running trials:
// it begins no trial, and its search ends with the last one (decide/study/study-end.ts).
//
// state/transitions.ts lists the states of a trial and all allowed transitions.

import type { CreateStudy, StudyInput, Tick } from "./boundary/input.js";
import type { Now, Rules } from "./boundary/now.js";
import type { Step } from "./boundary/step.js";
import { bestEvaluated, contendersReady, evaluationFailed, selectionReady } from "./decide/best-trial.js";
import { cancelTrial } from "./decide/cancel.js";
import { resumeTrial, saveCheckpoint } from "./decide/checkpoint.js";
import { answerOnly, type Decision } from "./decide/decision.js";
import { reportEpoch } from "./decide/epoch.js";
import { acquireLease, expireLeases, heartbeat } from "./decide/lease.js";
import { suggestionsReady } from "./decide/new-trial.js";
import { extendStudy } from "./decide/study/budget.js";
import { enqueueTrial, retryTrial } from "./decide/study/enqueue.js";
import { pauseStudy, resumeStudy } from "./decide/study/pause.js";
import { deleteStudy, effectFailed, stopStudy } from "./decide/study/study-end.js";
import { completeTrial, failTrial } from "./decide/trial-end.js";
import { finish } from "./finish.js";
import { assignment, recoveryEffects } from "./follow-up.js";
import { inheritedDeadlines, type LeaseTime } from "./leadership/lease-time.js";
import { activeMs } from "./query/waiting.js";
import type { StudyEvent } from "./state/event.js";
import { initialTransient, overdueAssignments, type State, type Transient } from "./state/state.js";
import { isOver, type Study } from "./state/study.js";

/** Creates a study. */
export function create({ studyId, spec }: CreateStudy, now: Now, rules: Rules): Step {
  const events: StudyEvent[] = [{ type: "study-created", studyId, spec }];
  return finish({ transient: initialTransient() }, { events, answer: { kind: "done" } }, now, rules);
}

/** Decides the result of an input. A pure function: equal arguments give equal steps. */
export function apply(state: State, input: StudyInput, now: Now, rules: Rules): Step {
  const decision = decide(state, input, now, rules);
  const transient = observed(state.transient, input);
  const overdue =
    input.type === "tick" ? overdueAssignments(state.study, transient, now.monotonicMs - rules.republishAfterMs) : [];
  return finish({ study: state.study, transient }, decision, now, rules, overdue.map(assignment));
}

/** Returns the transient state after an input, apart from leases and assignments. */
function observed(transient: Transient, input: StudyInput): Transient {
  switch (input.type) {
    case "tick":
      return { ...transient, ...ticked(input) };
    case "suggestions-ready":
      return { ...transient, suggesting: false };
    case "effect-failed":
      return input.effect.type === "request-suggestions" ? { ...transient, suggesting: false } : transient;
    case "test-data-checked":
      return { ...transient, testData: input.fault === undefined ? "readable" : { fault: input.fault } };
    default:
      return transient;
  }
}

function ticked({
  capacity,
  trainerIds,
  cordonedTrainerIds = [],
  busyTrainerIds = [],
  unfitTrainers = { count: 0, offers: [] },
  storageFault,
}: Tick): Partial<Transient> {
  const storage = storageFault === undefined ? "writable" : { fault: storageFault };
  return { capacity, trainerIds, cordonedTrainerIds, busyTrainerIds, unfitTrainers, storage };
}

/**
 * Resumes a study that the shell replayed from its log. The clocks of leases go on from the former
 * leader's record. Every set-aside trainer gets a full time, since no clock survived that could
 * tell its age. The step repeats every effect that the former process may not have carried out.
 *
 * @param times - the lease times of the former leader's record
 */
export function recover(study: Study, now: Now, rules: Rules, times: readonly LeaseTime[] = []): Step {
  const deadlines = inheritedDeadlines(study, times, { nowMs: now.monotonicMs, ttlMs: rules.leaseTtlMs });
  const readmission = now.monotonicMs + rules.setAsideMs;
  const readmitAt = new Map(study.setAside.map(({ trainerId }) => [trainerId, readmission]));
  const transient = { ...initialTransient(), deadlines, readmitAt, resumedAt: now.wallMs };
  return finish({ study, transient }, { events: [], answer: { kind: "done" } }, now, rules, recoveryEffects(study));
}

function decide({ study, transient }: State, input: StudyInput, now: Now, rules: Rules): Decision {
  switch (input.type) {
    case "acquire-lease":
      return acquireLease(study, input, rules);
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
      return failTrial(study, input, transient.trainerIds);
    case "stop-study":
      return stopStudy(study, input);
    case "pause-study":
      return pauseStudy(study, input);
    case "resume-study":
      return resumeStudy(study);
    case "cancel-trial":
      return cancelTrial(study, input);
    case "enqueue-trial":
      return enqueueTrial(study, input);
    case "retry-trial":
      return retryTrial(study, input);
    case "extend-study":
      return extendStudy(study, input, {
        activeMs: activeMs(study, now.wallMs, transient.resumedAt),
        wallMs: now.wallMs,
      });
    case "delete-study":
      return deleteStudy(study, input);
    case "suggestions-ready":
      return suggestionsReady(study, input);
    case "contenders-ready":
      return contendersReady(study, input);
    case "selection-ready":
      return selectionReady(study, input);
    case "best-evaluated":
      return bestEvaluated(study, input);
    case "evaluation-failed":
      return evaluationFailed(study, input);
    case "effect-failed":
      return effectFailed(study, input);
    case "test-data-checked":
      return answerOnly({ kind: "done" });
    case "tick":
      return passTime({ study, transient }, now.monotonicMs);
  }
}

/**
 * Ends the leases past their deadline, and readmits the trainers whose time aside is over. Nothing
 * follows the end of a study.
 */
function passTime({ study, transient }: State, monotonicMs: number): Decision {
  if (isOver(study)) return answerOnly({ kind: "done" });
  const expired = expireLeases(study, transient.deadlines, monotonicMs);
  const readmitted = study.setAside.filter(({ trainerId }) => (transient.readmitAt.get(trainerId) ?? 0) <= monotonicMs);
  const readmissions = readmitted.map(({ trainerId }) => ({ type: "trainer-readmitted", trainerId }) as const);
  return { events: [...expired, ...readmissions], answer: { kind: "done" } };
}
