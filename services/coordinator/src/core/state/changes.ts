// The changes that each event makes to a study. Events are facts: this file decides nothing.

import { nameOf, TEST_RUN_ID, TRIAL_ID } from "@sintonia/protocol/names";
import { InvariantError } from "@sintonia/runtime/errors";
import type { Outlook } from "@sintonia/tuning/oracle/contract/suggestion";
import { meanOf } from "@sintonia/tuning/selection/mean-interval";
import { packed } from "../measurements/packed.js";
import { isOfSearch, leaseMs } from "../spending/lease-time.js";
import { runsAfter } from "../spending/outlook-runs.js";
import { checkpointsWith, resumedFrom } from "./checkpoint.js";
import type { EventOf, StudyEvent } from "./event.js";
import { isCautiousTrial, lossesAfter, NO_LOSSES } from "./failures.js";
import { bestSelected, extendedLimits, frontTested, nextTestAttempt, reopened } from "./reopening.js";
import { type Change, findTrial, isOver, type Study, type Trial } from "./study.js";
import { trainerReadmitted, trainerSetAside } from "./trainers.js";
import { checkStudyTransition, checkTrialTransition } from "./transitions.js";

/**
 * Returns the changes that an event makes to a study.
 *
 * @param at - wall time of the event in milliseconds since 1970
 * @throws {InvariantError} if the event is not allowed in this state
 */
export function changeOf(study: Study, event: Exclude<StudyEvent, EventOf<"study-created">>, at: number): Change {
  switch (event.type) {
    case "oracle-exhausted":
      return { fields: { oracleExhausted: true, ...given({ oracleFault: event.reason }) } };
    case "trial-queued":
      return queued(study, event);
    case "point-enqueued":
      return pointEnqueued(study, event);
    case "lease-granted":
      return leaseGranted(study, event, at);
    case "epoch-reported":
      return epochReported(study, event);
    case "checkpoint-saved":
      return moveTrial(study, event.trialId, "running", (trial) => ({ checkpoints: checkpointsWith(trial, event) }));
    case "trial-resumed":
      return moveTrial(study, event.trialId, "running", (trial) => ({ ...resumedFrom(trial, event), reportedAt: at }));
    case "trial-requeued":
      return requeued(study, event, at);
    case "trainer-set-aside":
      return trainerSetAside(study, event, at);
    case "trainer-readmitted":
      return trainerReadmitted(study, event);
    case "trial-completed":
      return trialCompleted(study, event, at);
    case "trial-pruned":
      return pruned(study, event, at);
    case "trial-paused":
      return paused(study, event, at);
    case "trial-promoted":
      return promoted(study, event);
    case "trial-failed":
    case "trial-infeasible":
    case "trial-cancelled":
      return endedWithoutObjective(study, event, at);
    case "search-ended":
      return { fields: { searchEnded: true } };
    case "contenders-chosen":
      return { fields: { contenders: event.trialIds } };
    case "study-finalizing":
      return finalizing(study, event, at);
    case "best-selected":
      return bestSelected(study, event);
    case "test-queued":
      return testQueued(study, event);
    case "test-completed":
      return testCompleted(study, event, at);
    case "front-tested":
      return frontTested(study, event, at);
    case "evaluation-paused":
      return { fields: { evaluationFault: event.message } };
    case "study-continued":
      return continued(study, event);
    case "study-paused":
      return { fields: { pause: { reason: event.reason, since: at } } };
    case "study-resumed":
      return { fields: unpaused(study, at) };
    case "budget-extended":
      return { fields: { ...extendedLimits(study, event), outlookRuns: undefined } };
    case "budget-spent":
      return budgetSpent(event);
    case "study-reopened":
      return reopened(study, event, at);
    case "study-stopping":
      return { fields: { ...unpaused(study, at), stopping: { reason: event.reason, since: at } } };
    case "study-ended":
      return ended(study, event, at);
    case "study-deleted":
      return deleted(study);
  }
}

function queued(study: Study, event: EventOf<"trial-queued">): Change {
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
    ...(event.retries === undefined ? {} : { retries: nameOf(TRIAL_ID, event.retries) }),
    attempt: 1,
    losses: NO_LOSSES,
    measurements: [],
    checkpoints: [],
  };
  const { outlook, basis } = event;
  return { trial, ...(outlook === undefined ? {} : { fields: outlookFields(study, { outlook, basis }) }) };
}

function budgetSpent({ limit, max, finishing, outlook }: EventOf<"budget-spent">): Change {
  return { fields: { spentLimit: { limit, max, ...given({ finishing, outlook }) }, ...given({ outlook }) } };
}

/** Returns the fields of a study after an outlook of its oracle. */
function outlookFields(
  { outlookRuns, spec, limits }: Study,
  latest: { readonly outlook: Outlook; readonly basis: number | undefined },
): NonNullable<Change["fields"]> {
  const { outlook } = latest;
  return { outlook, outlookRuns: runsAfter(outlookRuns, latest, { ...spec.budget, ...limits }) };
}

function pointEnqueued({ enqueued = [] }: Study, { values, retries }: EventOf<"point-enqueued">): Change {
  return { fields: { enqueued: [...enqueued, { values, ...given({ retries }) }] } };
}

function leaseGranted(study: Study, event: EventOf<"lease-granted">, at: number): Change {
  const { token, trainerId, secret } = event;
  const lease = { token, trainerId, ...(secret === undefined ? {} : { secret }) };
  const moved = moveTrial(study, event.trialId, "leased", () => ({ lease, startedAt: at }));
  return { ...moved, fields: { lastToken: event.token } };
}

function epochReported(study: Study, { trialId, measurement }: EventOf<"epoch-reported">): Change {
  const trial = findTrial(study, trialId);
  const spent = trial !== undefined && isOfSearch(trial) ? { fields: { epochsSpent: study.epochsSpent + 1 } } : {};
  if (trial?.state === "running") return { trial, measurement, ...spent };
  return { ...moveTrial(study, trialId, "running", () => ({ checkpoints: [] })), measurement, ...spent };
}

/** Returns the time under leases of the search after the end of a trial's lease. */
function leaseEnded(study: Study, trialId: string, at: number): Pick<Study, "leasedMs"> {
  const trial = findTrial(study, trialId);
  const spentMs = trial !== undefined && isOfSearch(trial) ? leaseMs(trial, at) : 0;
  return { leasedMs: study.leasedMs + spentMs };
}

/** Returns the time under the leases of a trial's attempts after the end of the present one. */
function attemptsMs(trial: Trial, at: number): Pick<Trial, "leasedMs"> {
  return isOfSearch(trial) ? { leasedMs: (trial.leasedMs ?? 0) + leaseMs(trial, at) } : {};
}

/** The fields of an attempt, which a queued trial does not have. */
const WITHOUT_ATTEMPT = {
  measurements: [],
  startedAt: undefined,
  reportedAt: undefined,
  resumedEpochs: undefined,
} as const;

function requeued(study: Study, event: EventOf<"trial-requeued">, at: number): Change {
  const moved = moveTrial(study, event.trialId, "queued", (trial) => ({
    ...WITHOUT_ATTEMPT,
    attempt: event.attempt,
    ...attemptsMs(trial, at),
    losses: lossesAfter(trial, event),
    message: event.reason,
  }));
  return { ...moved, fields: leaseEnded(study, event.trialId, at) };
}

function trialCompleted(study: Study, event: EventOf<"trial-completed">, at: number): Change {
  const { objectives, outcomes, weights } = event;
  const objective = event.objective ?? (objectives && meanOf(objectives));
  const result = {
    ...(objective === undefined ? {} : { objective }),
    ...(objectives === undefined ? {} : { objectives }),
    ...(outcomes === undefined ? {} : { outcomes }),
    weights,
    message: undefined,
  };
  const moved = moveTrial(study, event.trialId, "completed", (trial) => ({ ...result, ...endedTrial(trial, at) }));
  const spent = leaseEnded(study, event.trialId, at);
  return { ...moved, fields: { ...spent, consecutiveFailures: 0, cautiousFailures: 0 } };
}

function pruned(study: Study, { trialId, message, evidence }: EventOf<"trial-pruned">, at: number): Change {
  const moved = moveTrial(study, trialId, "pruned", (trial) => ({ message, evidence, ...endedTrial(trial, at) }));
  return { ...moved, fields: leaseEnded(study, trialId, at) };
}

function paused(study: Study, { trialId, evidence }: EventOf<"trial-paused">, at: number): Change {
  const moved = moveTrial(study, trialId, "paused", (trial) => ({ evidence, ...attemptsMs(trial, at) }));
  return { ...moved, fields: leaseEnded(study, trialId, at) };
}

/** A paused trial waits for a trainer again. Its next attempt resumes from its checkpoint. */
function promoted(study: Study, { trialId, rung, attempt }: EventOf<"trial-promoted">): Change {
  if (attempt === undefined) return moveTrial(study, trialId, "running", () => ({ promotedFrom: rung }));
  return moveTrial(study, trialId, "queued", () => ({
    ...WITHOUT_ATTEMPT,
    attempt,
    promotedFrom: rung,
    evidence: undefined,
  }));
}

function testQueued(study: Study, { trialId, tests }: EventOf<"test-queued">): Change {
  const tested = findTrial(study, tests);
  if (trialId !== TEST_RUN_ID || tested?.weights === undefined || study.testRun !== undefined) {
    throw new InvariantError(`Study ${study.id} cannot test trial ${tests} in a run ${trialId}.`);
  }
  const { number, values, source } = tested;
  const testRun = {
    id: TEST_RUN_ID,
    number,
    state: "queued",
    values,
    source,
    tests: nameOf(TRIAL_ID, tests),
    attempt: nextTestAttempt(study),
    losses: NO_LOSSES,
    measurements: [],
    checkpoints: [],
  } as const;
  return { trial: testRun };
}

function testCompleted(study: Study, { trialId, metrics, weights }: EventOf<"test-completed">, at: number): Change {
  const result = { weights, message: undefined };
  const moved = moveTrial(study, trialId, "completed", (trial) => ({ ...result, ...endedTrial(trial, at) }));
  return { ...moved, fields: { testMetrics: metrics } };
}

function endedWithoutObjective(
  study: Study,
  event: EventOf<"trial-failed" | "trial-infeasible" | "trial-cancelled">,
  at: number,
): Change {
  const message = event.type === "trial-cancelled" ? event.reason : event.message;
  const state =
    event.type === "trial-failed" ? "failed" : event.type === "trial-infeasible" ? "infeasible" : "cancelled";
  const spent = leaseEnded(study, event.trialId, at);
  const moved = {
    ...moveTrial(study, event.trialId, state, (ended) => ({ message, ...endedTrial(ended, at) })),
    fields: spent,
  };
  const trial = findTrial(study, event.trialId);
  // Replicates and the test run are outside the trial budget, so their failures do not count.
  if (state !== "failed" || (trial !== undefined && !isOfSearch(trial))) return moved;
  const consecutiveFailures = study.consecutiveFailures + 1;
  const cautiousFailures = study.cautiousFailures + (trial?.isCautious === true ? 1 : 0);
  return { ...moved, fields: { ...spent, consecutiveFailures, cautiousFailures } };
}

/** Returns the changes that every end of a trial makes. */
function endedTrial({ measurements }: Trial, at: number) {
  return { measurements: packed(measurements), checkpoints: [], endedAt: at };
}

/** Returns the fields of a study whose pause ends, if it is paused. A pause is no active time. */
function unpaused({ pause, interruptedMs }: Study, at: number): NonNullable<Change["fields"]> {
  if (pause === undefined) return { pause: undefined };
  return { pause: undefined, interruptedMs: interruptedMs + Math.max(0, at - pause.since) };
}

/** Returns the fields of a study that is no longer active: neither paused nor about to stop. */
function unsteered(study: Study, at: number): NonNullable<Change["fields"]> {
  return { ...unpaused(study, at), stopping: undefined };
}

function finalizing(study: Study, event: EventOf<"study-finalizing">, at: number): Change {
  checkStudyTransition(study.id, study.status, "finalizing");
  const { ending, bestTrialId, message } = event;
  return { fields: { status: "finalizing", ending, ...given({ bestTrialId, message }), ...unsteered(study, at) } };
}

/** The time after an end counts neither as active nor as interrupted, that in a pause once. */
function continued(study: Study, { since }: EventOf<"study-continued">): Change {
  if (isOver(study) || study.pause !== undefined) return {};
  return { fields: { interruptedMs: study.interruptedMs + Math.max(0, since - study.changedAt) } };
}

function ended(study: Study, event: EventOf<"study-ended">, at: number): Change {
  checkStudyTransition(study.id, study.status, event.status);
  const { status, test, models = study.models, message } = event;
  const result = { status, endedAt: at, ...given({ test }), models, ...given({ message }) };
  return { fields: { ...result, evaluationFault: undefined, ...unsteered(study, at) } };
}

function deleted(study: Study): Change {
  if (!isOver(study)) throw new InvariantError(`Study ${study.id} cannot be deleted before its end.`);
  return { fields: { isDeleted: true } };
}

/** Returns the fields that are not undefined. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** Changes to a trial; undefined removes a field. */
type Changes = { readonly [K in keyof Trial]?: Trial[K] | undefined };

function moveTrial(study: Study, trialId: string, state: Trial["state"], changes: (trial: Trial) => Changes): Change {
  const trial = findTrial(study, trialId);
  if (trial === undefined) throw new InvariantError(`Study ${study.id} has no trial ${trialId}.`);
  checkTrialTransition(trialId, trial.state, state);
  const changed = { ...trial, ...changes(trial), state };
  return { trial: (Object.values(changed).includes(undefined) ? given(changed) : changed) as Trial };
}
