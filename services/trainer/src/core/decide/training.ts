// What the training process says about its trial.

import type { Failure } from "@sintonia/protocol/attempt-result";
import type { Input } from "../boundary/input.js";
import type { Leased, Session } from "../state/state.js";
import { type Step, unchanged } from "./transition.js";

type Of<T extends Input["type"]> = Extract<Input, { type: T }>;

export function epochTrained(session: Session, { measurement }: Of<"epoch-trained">): Step {
  const { phase } = session;
  if (phase.name !== "training") return unchanged(session);
  return {
    session: { ...session, crashCount: 0 },
    effects: [{ type: "report-epoch", lease: phase.lease.key, measurement }],
  };
}

export function trainingCompleted(session: Session, { weights }: Of<"training-completed">): Step {
  const { phase } = session;
  if (!("saving" in phase)) return unchanged(session);
  const { lease, renewedMs } = phase;
  return {
    session: { ...session, crashCount: 0, phase: { name: "uploading", lease, renewedMs, weights } },
    effects: [{ type: "upload-weights", lease: lease.key, weights }],
  };
}

export function trainingFailed(session: Session, { failure }: Of<"training-failed">): Step {
  const { phase } = session;
  if (!("saving" in phase)) return unchanged(session);
  return reportFailure({ ...session, crashCount: 0 }, phase, failure);
}

/** Tells the coordinator that the attempt ends here. */
export function reportFailure(session: Session, { lease, renewedMs }: Leased, failure: Failure): Step {
  return {
    session: { ...session, phase: { name: "failing", lease, renewedMs, failure } },
    effects: [{ type: "fail-trial", lease: lease.key, failure }],
  };
}
