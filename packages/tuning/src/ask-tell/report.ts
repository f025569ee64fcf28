// Reported epochs: what the pruner answers, and what the trial becomes.

import { resolveMaxEpochs } from "../spec/resolve.js";
import { describe } from "../validation/problems.js";
import type { Report } from "./message.js";
import type { OracleSpec } from "./oracle-spec.js";
import type { Training } from "./reports/learning-curves.js";
import { reasonOf, verdictOn } from "./reports/verdicts.js";
import { changedTrial, type DialogueTrial, numberOf, unknownId } from "./trial.js";

/** The answer to a report: what the program does with the trial, or the error of the report. */
export type ReportAnswer =
  | { readonly directive: "continue" }
  | { readonly directive: "stop" | "pause"; readonly reason: string }
  | { readonly error: string };

/** The trials after a report, and the answer to it. */
export interface Reported {
  readonly trials: readonly DialogueTrial[];
  readonly answer: ReportAnswer;
}

const NO_EPOCHS: Training = { objectives: [], learningRates: [], promotedFrom: 0 };

/**
 * Records an epoch of a pending trial and judges the trial. An epoch that was reported before
 * replaces that one and all after it: the program went back to an older checkpoint. A trial that
 * was stopped or paused stays as it is, and the directive is repeated.
 */
export function reportEpoch(spec: OracleSpec, trials: readonly DialogueTrial[], report: Report): Reported {
  const number = numberOf(report.id);
  const trial = trials[number];
  if (trial === undefined) return { trials, answer: { error: unknownId(report.id, trials) } };
  if (trial.state !== "pending") return { trials, answer: repeatedAnswer(spec, trial, number) };
  const { training = NO_EPOCHS } = trial;
  const epoch = report.epoch ?? training.objectives.length;
  const error = epochError(spec, { trial, number, epoch });
  if (error !== undefined) return { trials, answer: { error } };
  const reported: Training = {
    objectives: [...training.objectives.slice(0, epoch), report.value],
    learningRates: [...training.learningRates.slice(0, epoch), report.learningRate ?? 0],
    promotedFrom: training.promotedFrom,
  };
  return judge(spec, trials.with(number, changedTrial(trial, { training: reported }, trials.length)), number);
}

function judge(spec: OracleSpec, trials: readonly DialogueTrial[], number: number): Reported {
  const trial = trials[number] as DialogueTrial & { readonly training: Training };
  const { training } = trial;
  const changed = (change: Partial<DialogueTrial>) => trials.with(number, changedTrial(trial, change, trials.length));
  const verdict = verdictOn(spec, trials, number);
  switch (verdict.kind) {
    case "continue":
      return { trials, answer: { directive: "continue" } };
    case "promote":
      return {
        trials: changed({ training: { ...training, promotedFrom: verdict.rung } }),
        answer: { directive: "continue" },
      };
    case "pause":
    case "prune": {
      const state = verdict.kind === "pause" ? "paused" : "pruned";
      const directive = verdict.kind === "pause" ? "pause" : "stop";
      return {
        trials: changed({ state, training: { ...training, evidence: verdict.evidence } }),
        answer: { directive, reason: reasonOf(spec, verdict.evidence) },
      };
    }
  }
}

function repeatedAnswer(spec: OracleSpec, { state, training, source }: DialogueTrial, number: number): ReportAnswer {
  const evidence = training?.evidence;
  if (evidence !== undefined && (state === "paused" || state === "pruned")) {
    return { directive: state === "paused" ? "pause" : "stop", reason: reasonOf(spec, evidence) };
  }
  const told =
    source === undefined ? "the program told its result with values of its own" : `its end was told, ${state}`;
  return { error: `trial ${number} has no further epochs: ${told}; report the epochs of a trial before its "tell"` };
}

function epochError(
  spec: OracleSpec,
  { trial, number, epoch }: { readonly trial: DialogueTrial; readonly number: number; readonly epoch: number },
): string | undefined {
  const reported = trial.training?.objectives.length ?? 0;
  const most = resolveMaxEpochs(spec, trial.values);
  if (most !== undefined && epoch >= most) {
    const epochs = `trial ${number} ends with epoch ${most - 1}, counted from 0, by training.maxEpochs`;
    return `report.epoch: received ${describe(epoch)}, but ${epochs}; tell its "value"`;
  }
  if (epoch <= reported) return undefined;
  const next = reported === 0 ? "0, its first epoch" : `${reported}, the epoch after the last reported one`;
  return `report.epoch: received ${describe(epoch)}, expected for trial ${number} ${next}; report every epoch`;
}
