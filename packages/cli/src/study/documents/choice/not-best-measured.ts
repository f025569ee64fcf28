// The sentence that explains why the chosen trial is not the best measured one.

import { type Selection, SelectionRule, type Trial } from "@sintonia/proto/sintonia/v1/study";
import { type Goal, signOf } from "@sintonia/tuning/objective/goal";
import { meanOf } from "@sintonia/tuning/selection/mean-interval";
import { comparedText } from "../../number-text.js";

const LUCK = "but one measurement is partly luck";

/** The chosen trial and the best measured one, with what the study knows of both. */
interface Comparison {
  readonly chosen: string;
  readonly other: string;
  /** Measured objectives; undefined if the trial was not read. */
  readonly measured: readonly [chosen: number | undefined, other: number | undefined];
  /** Objectives without the noise of one training; undefined without an estimate. */
  readonly expected: readonly [chosen: number | undefined, other: number | undefined];
}

/**
 * Explains in one sentence why a selection did not choose the trial with the best measured
 * objective.
 *
 * @param trials - the trials of the study; without both trials the sentence has no measured values
 * @returns undefined if the chosen trial is the best measured one, or was picked from a front
 */
export function notBestMeasured(selection: Selection, goal: Goal, trials: readonly Trial[]): string | undefined {
  const { trialId, bestMeasuredTrialId, rule } = selection;
  if (trialId === bestMeasuredTrialId || bestMeasuredTrialId === "") return undefined;
  const comparison = comparisonOf(selection, goal, trials);
  switch (rule) {
    case SelectionRule.REPLICATE:
      return replicateSentence(comparison, freshMean(trials, bestMeasuredTrialId) !== undefined);
    case SelectionRule.POSTERIOR_MEAN:
      return posteriorSentence(comparison);
    case SelectionRule.KNEE:
    case SelectionRule.WEIGHTS:
      return undefined;
    default:
      return `Trials ${trialId} and ${bestMeasuredTrialId} measured the same; the first of them was chosen.`;
  }
}

function comparisonOf(selection: Selection, goal: Goal, trials: readonly Trial[]): Comparison {
  const { trialId: chosen, bestMeasuredTrialId: other, expected, optimism, rule } = selection;
  const objectiveOf = (id: string) => trials.find((trial) => trial.id === id)?.objective;
  const measured = [objectiveOf(chosen), objectiveOf(other)] as const;
  const estimate =
    measured[1] === undefined || optimism === undefined ? undefined : measured[1] - signOf(goal) * optimism;
  const others = rule === SelectionRule.REPLICATE ? freshMean(trials, other) : estimate;
  return { chosen, other, measured, expected: [expected?.mean, others] };
}

/** Returns the mean objective of a trial's new executions; undefined without a new execution. */
function freshMean(trials: readonly Trial[], id: string): number | undefined {
  const objectives = trials.flatMap(({ replicates, objective }) =>
    replicates?.trialId === id && objective !== undefined ? [objective] : [],
  );
  return objectives.length === 0 ? undefined : meanOf(objectives);
}

function posteriorSentence(comparison: Comparison): string {
  const text = textOf(comparison);
  const [ours, theirs] = comparison.expected.map(text);
  const { chosen, other } = comparison;
  const because =
    ours === undefined || theirs === undefined
      ? `the model expects the better objective of trial ${chosen}`
      : `the model expects ${ours} of trial ${chosen} and ${theirs} of trial ${other}`;
  return `${measuredClause(comparison, text)}, ${LUCK}: without the noise of a training ${because}.`;
}

function replicateSentence(comparison: Comparison, wasExecutedAgain: boolean): string {
  const text = textOf(comparison);
  const [ours, theirs] = comparison.expected.map(text);
  const { chosen, other } = comparison;
  const means = ours === undefined || theirs === undefined ? "" : ` (${ours} against ${theirs})`;
  const because = wasExecutedAgain
    ? `over the new executions the mean of trial ${chosen} is better${means}`
    : `the model did not rank trial ${other} among the trials to execute again`;
  return `${measuredClause(comparison, text)}, ${LUCK}: ${because}.`;
}

function measuredClause(
  { chosen, other, measured }: Comparison,
  text: (value: number | undefined) => string | undefined,
) {
  const [ours, theirs] = measured.map(text);
  if (ours === undefined || theirs === undefined) return `Trial ${other} measured better than trial ${chosen}`;
  if (measured[0] === measured[1]) return `Trial ${other} measured ${theirs}, as trial ${chosen} did`;
  return `Trial ${other} measured ${theirs}, better than trial ${chosen} with ${ours}`;
}

function textOf({ measured, expected }: Comparison): (value: number | undefined) => string | undefined {
  const format = comparedText([...measured, ...expected].filter((value) => value !== undefined));
  return (value) => (value === undefined ? undefined : format(value));
}
