import type { LeaseRefusal } from "@sintonia/protocol/lease";
import type { AcquireLease } from "../boundary/input.js";
import { findTrial, isOutstanding, type Study, type Trial } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";

/** Grants the attempt to the first trainer that asks, under a token larger than any before. */
export function acquireLease(study: Study, input: AcquireLease): Decision {
  const trial = findTrial(study, input.trialId);
  if (trial === undefined) return refuse("unknown-trial");
  if (!isOutstanding(trial)) return refuse("trial-settled");
  if (study.status !== "active") return refuse("study-over");
  if (trial.attempt !== input.attempt) return refuse("stale-attempt");
  if (trial.state !== "queued") return repeated(trial, input);
  const token = study.lastToken + 1;
  const { trialId, attempt, trainerId } = input;
  return {
    events: [{ type: "lease-granted", trialId, attempt, token, trainerId }],
    answer: { kind: "granted", lease: { token, trainerId } },
  };
}

/** A trainer that asks again lost the first answer: it gets the same lease. Nobody else does. */
function repeated(trial: Trial, input: AcquireLease): Decision {
  const { lease } = trial;
  if (trial.state !== "leased" || lease?.trainerId !== input.trainerId) return refuse("already-leased");
  return { ...answerOnly({ kind: "granted", lease }), renew: trial.id };
}

function refuse(reason: LeaseRefusal): Decision {
  return answerOnly({ kind: "refused", reason });
}
