import type { SaveCheckpoint } from "../boundary/input.js";
import { findCheckpoint, measuredUpTo } from "../state/checkpoint.js";
import type { Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";

/** Lets a later attempt go on from a checkpoint; one that covers no more than another is of no use and left out. */
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
