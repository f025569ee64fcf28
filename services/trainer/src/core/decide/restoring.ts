// From a lease to training: from the best checkpoint that is whole, else from the beginning.

import type { StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Input } from "../boundary/input.js";
import type { Leased, Phase, Session } from "../state/state.js";
import { startSaving } from "./checkpoint.js";
import { type Step, unchanged } from "./transition.js";

type Of<T extends Input["type"]> = Extract<Input, { type: T }>;
type Restoring = Extract<Phase, { readonly name: "restoring" }>;

/** Begins with the first of the checkpoints that may be left to try. */
export function beginTrial(
  session: Session,
  { lease, renewedMs }: Leased,
  candidates: readonly StoredCheckpoint[],
  nowMs: number,
): Step {
  const [checkpoint] = candidates;
  if (checkpoint === undefined) {
    return {
      session: { ...session, phase: { name: "training", lease, renewedMs, saving: startSaving(nowMs) } },
      effects: [{ type: "train", lease }],
    };
  }
  return {
    session: { ...session, phase: { name: "restoring", lease, renewedMs, candidates } },
    effects: [{ type: "download-checkpoint", lease: lease.key, checkpoint }],
  };
}

export function checkpointDownloaded(session: Session, { token, sha256, bytes }: Of<"checkpoint-downloaded">): Step {
  const phase = awaiting(session, token, sha256);
  if (phase === undefined) return unchanged(session);
  return { session, effects: [{ type: "train", lease: phase.lease, checkpoint: bytes }] };
}

export function checkpointUnavailable(
  session: Session,
  { token, sha256 }: Of<"checkpoint-unavailable">,
  nowMs: number,
): Step {
  const phase = awaiting(session, token, sha256);
  return phase === undefined ? unchanged(session) : tryNext(session, phase, nowMs);
}

/** The training process cannot go on from the checkpoint that it was given, and waits for a trial again. */
export function checkpointRefused(session: Session, nowMs: number): Step {
  return session.phase.name === "restoring" ? tryNext(session, session.phase, nowMs) : unchanged(session);
}

/** The training process has a checkpoint's state and waits for the coordinator to know of it. */
export function checkpointAccepted(session: Session): Step {
  const { phase } = session;
  if (phase.name !== "restoring") return unchanged(session);
  const [checkpoint] = phase.candidates as readonly [StoredCheckpoint];
  return { session, effects: [{ type: "resume-trial", lease: phase.lease.key, sha256: checkpoint.sha256 }] };
}

/** The epochs of the checkpoint count as reported: training goes on after them. */
export function trialResumed(session: Session, nowMs: number): Step {
  const { phase } = session;
  if (phase.name !== "restoring") return unchanged(session);
  const { lease, renewedMs } = phase;
  return {
    session: { ...session, phase: { name: "training", lease, renewedMs, saving: startSaving(nowMs) } },
    effects: [{ type: "resume-training" }],
  };
}

function tryNext(session: Session, phase: Restoring, nowMs: number): Step {
  return beginTrial(session, phase, phase.candidates.slice(1), nowMs);
}

function awaiting({ phase }: Session, token: number, sha256: string): Restoring | undefined {
  if (phase.name !== "restoring" || phase.lease.key.token !== token) return undefined;
  return phase.candidates[0]?.sha256 === sha256 ? phase : undefined;
}
