// The changes that each event makes to a study. Events are facts: this file decides nothing.

import { nameOf, STUDY_ID, TRIAL_ID } from "@sintonia/protocol/names";
import { InvariantError } from "@sintonia/runtime/errors";
import { meanOf } from "@sintonia/tuning/selection/mean-interval";
import { isCautiousTrial } from "./caution.js";
import { checkpointsWith, resumedFrom } from "./checkpoint.js";
import type { EventOf, StudyEvent } from "./event.js";
import { lossesAfter, NO_LOSSES } from "./losses.js";
import { findTrial, type Study, type Trial, withTrial } from "./study.js";
import { testQueued } from "./test-run.js";
import { trainerReadmitted, trainerSetAside } from "./trainers.js";
import { checkStudyTransition, checkTrialTransition } from "./transitions.js";

/**
 * Returns the study after an event.
 *
 * @param study - the study before the event; undefined only for `study-created`
 * @param at - wall time of the event in milliseconds since 1970
 * @throws {InvariantError} if the event is not allowed in this state
 */
export function evolve(study: Study | undefined, event: StudyEvent, at: number): Study {
  if (event.type === "study-created") {
    if (study !== undefined) throw new InvariantError(`Study ${study.id} was created twice.`);
    return created(event, at);
  }
  if (study === undefined) throw new InvariantError(`The log begins with ${event.type} instead of study-created.`);
  return { ...changed(study, event, at), eventCount: study.eventCount + 1, changedAt: at };
}

/** Returns the study after several events. */
export function evolveAll(study: Study | undefined, events: readonly StudyEvent[], at: number): Study | undefined {
  return events.reduce<Study | undefined>((state, event) => evolve(state, event, at), study);
}

function changed(study: Study, event: Exclude<StudyEvent, EventOf<"study-created">>, at: number): Study {
  switch (event.type) {
    case "oracle-exhausted":
      return { ...study, oracleExhausted: true, ...(event.reason === undefined ? {} : { oracleFault: event.reason }) };
    case "trial-queued":
      return queued(study, event);
    case "lease-granted":
      return leaseGranted(study, event, at);
    case "epoch-reported":
      return moveTrial(study, event.trialId, "running", (trial) => ({
        measurements: [...trial.measurements, event.measurement],
        ...(trial.state === "leased" ? { checkpoints: [] } : {}),
      }));
    case "checkpoint-saved":
      return moveTrial(study, event.trialId, "running", (trial) => ({ checkpoints: checkpointsWith(trial, event) }));
    case "trial-resumed":
      return moveTrial(study, event.trialId, "running", (trial) => resumedFrom(trial, event));
    case "trial-requeued":
      return requeued(study, event);
    case "trainer-set-aside":
      return trainerSetAside(study, event, at);
    case "trainer-readmitted":
      return trainerReadmitted(study, event);
    case "trial-completed":
      return trialCompleted(study, event, at);
    case "trial-failed":
    case "trial-infeasible":
    case "trial-cancelled":
      return endedWithoutObjective(study, event, at);
    case "search-ended":
      return { ...study, searchEnded: true };
    case "contenders-chosen":
      return { ...study, contenders: event.trialIds };
    case "study-finalizing":
      return finalizing(study, event);
    case "best-selected":
      return { ...study, bestTrialId: event.selection.trialId, selection: event.selection };
    case "test-queued":
      return testQueued(study, event);
    case "test-completed":
      return testCompleted(study, event, at);
    case "evaluation-paused":
      return { ...study, evaluationFault: event.message };
    case "study-continued":
      return { ...study, pausedMs: study.pausedMs + Math.max(0, event.since - study.changedAt) };
    case "study-ended":
      return ended(study, event, at);
  }
}

function created(event: EventOf<"study-created">, at: number): Study {
  return {
    id: nameOf(STUDY_ID, event.studyId),
    spec: event.spec,
    status: "active",
    trials: [],
    eventCount: 1,
    lastToken: 0,
    consecutiveFailures: 0,
    cautiousFailures: 0,
    models: [],
    setAside: [],
    createdAt: at,
    changedAt: at,
    pausedMs: 0,
  };
}

function queued(study: Study, event: EventOf<"trial-queued">): Study {
  const number = study.trials.length;
  const id = TRIAL_ID.parse(event.trialId);
  if (id === undefined || Number(id) !== number) {
    throw new InvariantError(`Study ${study.id} expects trial number ${number}, the log has ${event.trialId}.`);
  }
  const trial: Trial = {
    id,
    number,
    state: "queued",
    values: event.values,
    source: event.source,
    ...(isCautiousTrial(study, event.source) ? { isCautious: true } : {}),
    ...(event.replicates === undefined ? {} : { replicates: event.replicates }),
    attempt: 1,
    losses: NO_LOSSES,
    measurements: [],
    checkpoints: [],
  };
  return { ...study, trials: [...study.trials, trial] };
}

function leaseGranted(study: Study, event: EventOf<"lease-granted">, at: number): Study {
  const { token, trainerId, secret } = event;
  const lease = { token, trainerId, ...(secret === undefined ? {} : { secret }) };
  const moved = moveTrial(study, event.trialId, "leased", () => ({ lease, startedAt: at }));
  return { ...moved, lastToken: event.token };
}

function requeued(study: Study, event: EventOf<"trial-requeued">): Study {
  return moveTrial(study, event.trialId, "queued", (trial) => ({
    attempt: event.attempt,
    measurements: [],
    losses: lossesAfter(trial, event),
    message: event.reason,
    startedAt: undefined,
    resumedEpochs: undefined,
  }));
}

function trialCompleted(study: Study, event: EventOf<"trial-completed">, at: number): Study {
  const { objectives, weights } = event;
  const objective = event.objective ?? (objectives && meanOf(objectives));
  const result = {
    ...(objective === undefined ? {} : { objective }),
    ...(objectives === undefined ? {} : { objectives }),
    weights,
    message: undefined,
  };
  const moved = moveTrial(study, event.trialId, "completed", () => ({ ...result, ...endedTrial(at) }));
  return { ...moved, consecutiveFailures: 0, cautiousFailures: 0 };
}

function testCompleted(study: Study, { trialId, metrics, weights }: EventOf<"test-completed">, at: number): Study {
  const result = { weights, message: undefined, ...endedTrial(at) };
  return { ...moveTrial(study, trialId, "completed", () => result), testMetrics: metrics };
}

function endedWithoutObjective(
  study: Study,
  event: EventOf<"trial-failed" | "trial-infeasible" | "trial-cancelled">,
  at: number,
): Study {
  const message = event.type === "trial-cancelled" ? undefined : event.message;
  const state =
    event.type === "trial-failed" ? "failed" : event.type === "trial-infeasible" ? "infeasible" : "cancelled";
  const moved = moveTrial(study, event.trialId, state, () => ({ message, ...endedTrial(at) }));
  const trial = findTrial(study, event.trialId);
  // Replicates and the test run are outside the trial budget, so their failures do not count.
  if (state !== "failed" || trial?.replicates !== undefined || trial?.tests !== undefined) return moved;
  return {
    ...moved,
    consecutiveFailures: study.consecutiveFailures + 1,
    cautiousFailures: study.cautiousFailures + (trial?.isCautious === true ? 1 : 0),
  };
}

/** Returns the changes that every end of a trial makes. */
function endedTrial(at: number): Pick<Trial, "checkpoints"> & { readonly endedAt: number } {
  return { checkpoints: [], endedAt: at };
}

function finalizing(study: Study, event: EventOf<"study-finalizing">): Study {
  checkStudyTransition(study.id, study.status, "finalizing");
  const { ending, bestTrialId, message } = event;
  return {
    ...study,
    status: "finalizing",
    ending,
    ...(bestTrialId === undefined ? {} : { bestTrialId }),
    ...(message === undefined ? {} : { message }),
  };
}

function ended(study: Study, event: EventOf<"study-ended">, at: number): Study {
  checkStudyTransition(study.id, study.status, event.status);
  const { evaluationFault: _, ...rest } = study;
  return {
    ...rest,
    status: event.status,
    endedAt: at,
    ...(event.test === undefined ? {} : { test: event.test }),
    models: event.models ?? study.models,
    ...(event.message === undefined ? {} : { message: event.message }),
  };
}

/** Changes to a trial; undefined removes a field. */
type Changes = { readonly [K in keyof Trial]?: Trial[K] | undefined };

function moveTrial(study: Study, trialId: string, state: Trial["state"], changes: (trial: Trial) => Changes): Study {
  const trial = findTrial(study, trialId);
  if (trial === undefined) throw new InvariantError(`Study ${study.id} has no trial ${trialId}.`);
  checkTrialTransition(trialId, trial.state, state);
  return withTrial(study, { ...changedTrial(trial, changes(trial)), state });
}

function changedTrial(trial: Trial, changes: Changes): Trial {
  const entries = Object.entries({ ...trial, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as Trial;
}
