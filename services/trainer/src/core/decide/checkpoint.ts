// Checkpoints of the trial in training: when one is made, and what becomes of it.
import type { Input } from "../boundary/input.js";
import type { Phase, Saving, Session } from "../state/state.js";
import { reportFailure } from "./training.js";
import { type Step, unchanged } from "./transition.js";

type Of<T extends Input["type"]> = Extract<Input, { type: T }>;

/** The phases in which checkpoints are made. */
type SavingPhase = Extract<Phase, { readonly saving: Saving }>;

/** The first one is due a whole interval after training began. */
export function startSaving(nowMs: number): Saving {
  return { begunMs: nowMs, isUnderWay: false, hasNewEpochs: false };
}

/** Begins a checkpoint once the interval since the last one began is over, if epochs were reported since. */
export function saveIfDue(session: Session, nowMs: number): Step {
  const { phase, checkpointIntervalMs } = session;
  if (phase.name !== "training" || nowMs - phase.saving.begunMs < checkpointIntervalMs) return unchanged(session);
  return beginSaving(session, phase, nowMs) ?? unchanged(session);
}

/**
 * The last checkpoint of a trainer that drains, then the failure that gives the trial back. One that is under way is waited
 * for first.
 */
export function saveLast(session: Session, nowMs: number): Step {
  const { phase } = session;
  if (phase.name !== "leaving" || phase.saving.isUnderWay) return unchanged(session);
  return beginSaving(session, phase, nowMs) ?? reportFailure(session, phase, phase.failure);
}

function beginSaving(session: Session, phase: SavingPhase, nowMs: number): Step | undefined {
  const { isUnderWay, hasNewEpochs } = phase.saving;
  if (isUnderWay || !hasNewEpochs) return undefined;
  const saving: Saving = { begunMs: nowMs, isUnderWay: true, hasNewEpochs: false };
  return { session: { ...session, phase: { ...phase, saving } }, effects: [{ type: "make-checkpoint" }] };
}

/** What was made in a training that has ended meanwhile is of no use. */
export function checkpointMade(session: Session, { checkpoint }: Of<"checkpoint-made">): Step {
  const { phase } = session;
  if (!("saving" in phase)) return unchanged(session);
  return { session, effects: [{ type: "save-checkpoint", lease: phase.lease.key, checkpoint }] };
}

/** A checkpoint that is saved, or that could not be: training goes on all the same. */
export function savingEnded(session: Session, nowMs: number): Step {
  const { phase } = session;
  if (!("saving" in phase)) return unchanged(session);
  const ended: Session = { ...session, phase: { ...phase, saving: { ...phase.saving, isUnderWay: false } } };
  return phase.name === "leaving" ? saveLast(ended, nowMs) : saveIfDue(ended, nowMs);
}

/** Notes that the coordinator has taken an epoch, which the next checkpoint covers. */
export function epochReported(session: Session): Session {
  const { phase } = session;
  if (!("saving" in phase)) return session;
  return { ...session, phase: { ...phase, saving: { ...phase.saving, hasNewEpochs: true } } };
}
