import { SelectionRule, type Study } from "@sintonia/proto/sintonia/v1/study";
import type { SelectionRule as SelectionRuleName } from "@sintonia/tuning/spec/study-spec";

/** How the best trial was chosen, as the results document has it. Objectives are in their own units. */
export interface SelectionResults {
  /** The rule that decided. */
  readonly rule: SelectionRuleName;
  /** Id of the chosen trial. */
  readonly trial: string;
  /** Objective that is expected of its values; null where nothing is known of it. */
  readonly expected: number | null;
  /** Ends of the interval that holds that objective with a probability of 95 %. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Ids of the trials that cannot be told from the chosen one: the 95 % interval of the difference contains 0. */
  readonly tied: readonly string[];
  /** Id of the trial with the best measured objective. */
  readonly bestMeasured: string;
  /** How much better that trial was measured than is expected of it; null where nothing is. */
  readonly optimism: number | null;
  /** Completed trials that were chosen from. */
  readonly candidates: number;
  /** Why the spec's rule could not be followed; null if it was. */
  readonly note: string | null;
}

const RULES: Readonly<Record<number, SelectionRuleName>> = {
  [SelectionRule.POSTERIOR_MEAN]: "posterior-mean",
  [SelectionRule.OBSERVED]: "observed",
  [SelectionRule.REPLICATE]: "replicate",
};

/** The choice of a study's best trial; null until it is made. */
export function selectionResults({ selection }: Study): SelectionResults | null {
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
  };
}
