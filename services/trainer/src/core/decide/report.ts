// The reports of epochs: one call at a time, in the order of the epochs. Training waits a short
// time for each answer, and goes on if the coordinator or its store is away.

import type { InputOf } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import type { Phase } from "../state/phase.js";
import { hasRoom, type Reports, withoutFirst, withReport } from "../state/reports.js";
import type { State } from "../state/state.js";
import { saveLast } from "./checkpoint.js";
import { saveIfDue, uploadIfReported } from "./saving.js";
import { endIfReported } from "./training.js";
import { preceded, unchanged } from "./transition.js";

/**
 * Time for which training waits for the answer to the first report, in milliseconds. It is far
 * above the answers of a coordinator at work, so that a stopped trial ends between two epochs and
 * its training process stays. Each outage costs a training this time once.
 */
export const ANSWER_WAIT_MS = 1_000;

/** The phases in which reports wait for answers. */
type ReportingPhase = Extract<Phase, { readonly reports: Reports }>;

/** Reports an epoch once the coordinator has answered the reports before it. */
export function epochTrained(state: State, { measurement }: InputOf<"epoch-trained">, nowMs: number): Step {
  const { phase } = state;
  if (phase.name !== "training") return unchanged(state);
  const reports = withReport(phase.reports, measurement, nowMs);
  const reported: State = { ...state, crashCount: 0, phase: { ...phase, reports } };
  if (phase.reports.queue.length > 0) return trainOn(reported, nowMs);
  return sendFirst(reported, { ...phase, reports });
}

/** Sends the next report after the answer to one, and does what waited for the answer. */
export function reportAnswered(state: State, nowMs: number): Step {
  const { phase } = state;
  if (!("reports" in phase) || phase.reports.queue.length === 0) return unchanged(state);
  const answered = { ...phase, reports: withoutFirst(phase.reports, nowMs) };
  const sent = sendFirst({ ...state, phase: answered }, answered);
  return preceded(sent.effects, proceed(sent.state, answered, nowMs));
}

function proceed(state: State, phase: ReportingPhase, nowMs: number): Step {
  switch (phase.name) {
    case "training": {
      const trained = trainOn(state, nowMs);
      return preceded(trained.effects, uploadIfReported(trained.state));
    }
    case "leaving":
      return phase.reports.queue.length > 0 ? unchanged(state) : leave(state, phase, nowMs);
    case "reporting":
      return endIfReported(state, phase);
  }
}

/**
 * Resumes training if it waits after an epoch and the coordinator has answered all reports, or has
 * not answered the first one for some time. Then begins a checkpoint if one is due, which covers
 * that epoch.
 */
export function trainOn(state: State, nowMs: number): Step {
  const { phase } = state;
  if (phase.name !== "training" || !phase.reports.isTrainingHeld) return unchanged(state);
  const { reports } = phase;
  const isLate = nowMs - reports.sentMs >= ANSWER_WAIT_MS && hasRoom(reports);
  if (reports.queue.length > 0 && !isLate) return unchanged(state);
  return preceded([{ type: "resume-training" }], saveIfDue(resumed(state, phase), nowMs));
}

/**
 * Saves the last epoch of a trainer that drains, once it is reported. Training resumes first, so
 * that the checkpoint covers the epoch.
 */
function leave(state: State, phase: ReportingPhase & { readonly name: "leaving" }, nowMs: number): Step {
  if (!phase.reports.isTrainingHeld) return saveLast(state, nowMs);
  return preceded([{ type: "resume-training" }], saveLast(resumed(state, phase), nowMs));
}

function resumed(state: State, phase: ReportingPhase & { readonly name: "training" | "leaving" }): State {
  const reports: Reports = { ...phase.reports, isTrainingHeld: false };
  return { ...state, phase: { ...phase, reports, saving: { ...phase.saving, hasNewEpochs: true } } };
}

function sendFirst(state: State, { lease, reports }: ReportingPhase): Step {
  const [measurement] = reports.queue;
  if (measurement === undefined) return unchanged(state);
  return { state, effects: [{ type: "report-epoch", lease: lease.key, measurement }] };
}
