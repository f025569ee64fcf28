// The life of the training process.
import type { Input } from "../boundary/input.js";
import { leased, type Session } from "../state/state.js";
import { reportFailure } from "./training.js";
import { abandonPull, nextTrial, preceded, type Step, trains, unchanged } from "./transition.js";

/** A process that dies so often in a row will not live the next time. */
export const CRASHES_MAX = 5;

type Of<T extends Input["type"]> = Extract<Input, { type: T }>;

export function engineReady(session: Session): Step {
  if (session.phase.name === "stopped" || session.engine.name !== "starting") return unchanged(session);
  const ready: Session = { ...session, engine: { name: "ready" }, engineProven: true };
  return session.phase.name === "preparing" ? nextTrial(ready) : unchanged(ready);
}

export function engineFailed(session: Session, { message }: Of<"engine-failed">): Step {
  return session.phase.name === "stopped" ? unchanged(session) : breakEngine(session, message);
}

export function childDied(session: Session, { detail }: Of<"child-died">): Step {
  if (session.phase.name === "stopped") return unchanged(session);
  if (!session.engineProven) {
    return breakEngine(session, `the training process ended (${detail}) before its engine was ready`);
  }
  const crashed: Session = { ...session, crashCount: session.crashCount + 1 };
  if (crashed.crashCount >= CRASHES_MAX) {
    return breakEngine(crashed, `the training process died ${CRASHES_MAX} times in a row, the last time by ${detail}`);
  }
  const restarting: Session = { ...crashed, engine: { name: "starting" } };
  const restart = session.drainEndsMs === undefined ? [{ type: "start-training-process" } as const] : [];
  return preceded(restart, leaveEngine(restarting, detail));
}

function breakEngine(session: Session, fault: string): Step {
  return leaveEngine({ ...session, engine: { name: "broken", fault } }, fault);
}

/** Goes on without a training process: a trial in training ends, what is past training does not need one. */
function leaveEngine(session: Session, detail: string): Step {
  const { phase } = session;
  if (phase.name === "leaving") return reportFailure(session, phase, phase.failure);
  if (trains(phase)) {
    const message = `The training process of the trainer died (${detail}).`;
    return reportFailure(session, phase, { kind: "interrupted", message });
  }
  return leased(phase) === undefined ? preceded(abandonPull(session), nextTrial(session)) : unchanged(session);
}
