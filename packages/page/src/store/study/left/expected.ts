// What is expected of the trials that a search has not begun. A pruner that compares with completed
// trials lets the first ones train to their end, and ends most of the others early.

import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { isSettled } from "../state/states.js";
import { type Experience, trialLengths } from "./experience.js";
import type { Length } from "./survival.js";

/** Trials of a search of which the same is expected. */
export interface Expected {
  readonly count: number;
  /** Seconds of one execution. */
  readonly seconds: readonly Length[];
}

/** A pruner that judges trials once others have completed. */
interface Judging {
  /** Completed trials before the first verdict. */
  readonly startupTrials: number;
  /** Share of a whole training that a judged trial takes, as long as none has been. */
  readonly share: number;
}

/**
 * Shares of a whole training that trials take under each pruner, about those of
 * docs/pruning/replays.md.
 */
const SHARES: Readonly<Record<string, number>> = { median: 0.15, percentile: 0.15, wilcoxon: 0.4 };
/** Number of trials whose lengths weigh as much as the shares above. */
const PRIOR_TRIALS = 3;

/**
 * Returns the expectations about waiting trials, in the order in which they will begin.
 *
 * @param trials - the trials of the search, in the order of their numbers
 * @param waiting - number of trials that wait or do not exist yet
 */
export function expectedTrials(
  specJson: string,
  trials: readonly Trial[],
  { experience, waiting }: { readonly experience: Experience; readonly waiting: number },
): readonly Expected[] {
  const judging = judgingOf(specJson);
  if (judging === undefined) return [{ count: waiting, seconds: experience.seconds }];
  const { startupTrials, share } = judging;
  const begun = trials.length - trials.filter(({ startedAt }) => startedAt === undefined).length;
  const startup = Math.min(waiting, Math.max(0, startupTrials - begun));
  const whole = trialLengths(trials.slice(0, startupTrials)) ?? experience.seconds;
  const judged = trials.slice(startupTrials).filter(isSettled);
  const known = judged.length / (judged.length + PRIOR_TRIALS);
  const seconds = [
    ...scaled(trialLengths(judged) ?? [], known),
    ...scaled(whole, (1 - known) * share),
    { value: 0, share: (1 - known) * (1 - share) },
  ].sort((a, b) => a.value - b.value);
  return [
    { count: startup, seconds: whole },
    { count: waiting - startup, seconds },
  ];
}

function judgingOf(specJson: string): Judging | undefined {
  const spec = (specJson === "" ? {} : JSON.parse(specJson)) as { pruner?: Partial<Judging> & { type: string } };
  const share = SHARES[spec.pruner?.type ?? ""];
  return share === undefined ? undefined : { share, startupTrials: spec.pruner?.startupTrials ?? 1 };
}

function scaled(lengths: readonly Length[], factor: number): Length[] {
  return lengths.map(({ value, share }) => ({ value, share: share * factor }));
}
