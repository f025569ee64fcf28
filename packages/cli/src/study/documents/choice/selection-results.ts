import { SelectionRule, type Study, type Trial } from "@sintonia/proto/sintonia/v1/study";
import type { Selection as PlainSelection } from "@sintonia/tuning/selection/select-best";
import { goalName } from "../../goal.js";
import { notBestMeasured } from "./not-best-measured.js";

/** The choice of the best trial in the results document. Objectives are in their own units. */
export interface SelectionResults {
  /** The selection rule that decided. */
  readonly rule: PlainSelection["rule"];
  /** Id of the chosen trial. */
  readonly trial: string;
  /** Expected objective at the chosen trial's values; null without an estimate. */
  readonly expected: number | null;
  /** 95 % interval of the expected objective; null without an estimate. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Ids of the trials tied with the chosen one: the 95 % interval of the difference contains 0. */
  readonly tied: readonly string[];
  /** Id of the trial with the best measured objective. */
  readonly bestMeasured: string;
  /**
   * Difference by which `bestMeasured` was measured better than expected; null without an estimate.
   */
  readonly optimism: number | null;
  /** Number of completed trials from which the rule chose. */
  readonly candidates: number;
  /** Reason why another rule than the spec's decided; null if the spec's rule did. */
  readonly note: string | null;
  /** Sentence that explains why `trial` is not `bestMeasured`; null if both are the same trial. */
  readonly notBestMeasured: string | null;
}

const RULES: Readonly<Record<number, PlainSelection["rule"]>> = {
  [SelectionRule.POSTERIOR_MEAN]: "posterior-mean",
  [SelectionRule.OBSERVED]: "observed",
  [SelectionRule.REPLICATE]: "replicate",
  [SelectionRule.KNEE]: "knee",
  [SelectionRule.WEIGHTS]: "weights",
};

/**
 * Returns the choice of a study's best trial, null before the choice.
 *
 * @param trials - the trials of the study, for their measured objectives
 */
export function selectionResults({ selection, goal }: Study, trials: readonly Trial[]): SelectionResults | null {
  if (selection === undefined) return null;
  const { expected } = selection;
  return {
    rule: RULES[selection.rule] ?? "observed",
    trial: selection.trialId,
    expected: expected?.mean ?? null,
    interval: expected === undefined ? null : [expected.low, expected.high],
    tied: selection.tiedTrialIds,
    bestMeasured: selection.bestMeasuredTrialId,
    optimism: selection.optimism ?? null,
    candidates: selection.candidateCount,
    note: selection.note || null,
    notBestMeasured: notBestMeasured(selection, goalName(goal), trials) ?? null,
  };
}
