import type { Measurement } from "@sintonia/protocol/measurement";
import type { ResumeTrial } from "../boundary/input.js";
import { findCheckpoint } from "../state/checkpoint.js";
import type { Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";

/** Takes up an attempt where a checkpoint left the trial. Only before its first epoch: later ones are repeats. */
export function resumeTrial(study: Study, { lease, sha256 }: ResumeTrial): Decision {
  const check = checkLease(study, lease);
  if (check.kind === "void") return answerOnly(check.answer);
  if (check.kind === "settled") return answerOnly({ kind: "stop" });
  const { trial } = check;
  const checkpoint = findCheckpoint(trial, sha256);
  if (checkpoint === undefined) {
    return answerOnly({ kind: "rejected", rejection: { code: "CHECKPOINT_UNKNOWN", sha256 } });
  }
  if (trial.state === "running") return answerOnly({ kind: "continue" });
  const { execution, epoch } = checkpoint.measurements.at(-1) as Measurement;
  return {
    events: [{ type: "trial-resumed", trialId: trial.id, sha256, execution, epoch }],
    answer: { kind: "continue" },
  };
}
