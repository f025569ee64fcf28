import { aimsOfStudy, frontIds, outcomeOf } from "@sintonia/page/plot/front/outcomes";
import type { FrontTrial, Study, Trial } from "@sintonia/proto/sintonia/v1/study";

/** A trial of the front, with its outcomes by name, the objectives first. */
export interface FrontTrialResults {
  readonly trial: string;
  readonly outcomes: Readonly<Record<string, FrontOutcomeResults>>;
}

/** An outcome of a trial of the front. */
export interface FrontOutcomeResults {
  readonly measured: number;
  /** Expected outcome without the noise of a training; null without an estimate. */
  readonly expected: number | null;
  /** 95 % interval of the expected outcome; null without an estimate. */
  readonly interval: readonly [low: number, high: number] | null;
}

/**
 * Returns the front of a study with several objectives or with limits on outcomes, in the order of
 * the trials: the chosen one, and before the choice the one of the measured outcomes.
 *
 * @param trials - the trials of the study
 * @returns undefined for any other study
 */
export function frontResults(study: Study, trials: readonly Trial[]): readonly FrontTrialResults[] | undefined {
  const aims = aimsOfStudy(study);
  if (aims === undefined) return undefined;
  if (study.selection !== undefined) return study.selection.front.map(chosenResults);
  const ids = frontIds(study, trials, aims);
  return trials
    .filter(({ id }) => ids.has(id))
    .map((trial) => {
      const measured = aims.names.map((name): [string, FrontOutcomeResults] => {
        return [name, { measured: outcomeOf(trial, name), expected: null, interval: null }];
      });
      return { trial: trial.id, outcomes: Object.fromEntries(measured) };
    });
}

function chosenResults({ trialId, outcomes }: FrontTrial): FrontTrialResults {
  const named = outcomes.map(({ name, measured, expected }): [string, FrontOutcomeResults] => {
    const interval = expected === undefined ? null : ([expected.low, expected.high] as const);
    return [name, { measured, expected: expected?.mean ?? null, interval }];
  });
  return { trial: trialId, outcomes: Object.fromEntries(named) };
}
