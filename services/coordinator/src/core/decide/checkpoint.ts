import type { Measurement } from "@sintonia/protocol/measurement";
import type { ResumeTrial, SaveCheckpoint } from "../boundary/input.js";
import { findCheckpoint, measuredUpTo } from "../state/checkpoint.js";
import type { Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";

/**
 * Adds a checkpoint from which a later attempt may resume. Ignores one that covers no more epochs
 * than the newest.
 */
export function saveCheckpoint(study: Study, { lease, artifact, execution, epoch }: SaveCheckpoint): Decision {
  const check = checkLease(study, lease);
  if (check.kind === "void") return answerOnly(check.answer);
  if (check.kind === "settled") return answerOnly({ kind: "stop" });
  const { trial } = check;
  const covered = measuredUpTo(trial.measurements, { execution, epoch });
  if (covered === undefined) {
    return answerOnly({ kind: "rejected", rejection: { code: "EPOCH_UNREPORTED", execution, epoch } });
  }
  const coveredBefore = trial.checkpoints[0]?.measurements.length ?? 0;
  if (findCheckpoint(trial, artifact.sha256) !== undefined || covered.length <= coveredBefore) {
    return answerOnly({ kind: "continue" });
  }
  return {
    events: [{ type: "checkpoint-saved", trialId: trial.id, artifact, execution, epoch }],
    answer: { kind: "continue" },
  };
}

/**
 * Resumes an attempt from a checkpoint. In a running trial the call is a repeat and changes
 * nothing.
 */
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
