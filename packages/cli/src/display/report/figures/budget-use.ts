import { BudgetLimit, type BudgetUse, type Study } from "@sintonia/proto/sintonia/v1/study";
import { grouped, numberText } from "../../../study/number-text.js";
import { shortDuration } from "../../format/duration.js";

/**
 * Returns the use of the limits that a person chose in words, such as "340 of 500 epochs"; empty
 * for a study whose only limit is that of its trials.
 */
export function furtherLimitTexts({ budget }: Study): string[] {
  return budget.filter(({ limit }) => limit !== BudgetLimit.TRIALS).flatMap(limitText);
}

function limitText({ limit, max, used = 0 }: BudgetUse): string[] {
  switch (limit) {
    case BudgetLimit.EPOCHS:
      return [`${grouped(used)} of ${grouped(max)} epochs`];
    case BudgetLimit.SECONDS:
      return [`${shortDuration(used)} of ${shortDuration(max)}`];
    case BudgetLimit.TRAINER_SECONDS:
      return [`${shortDuration(used)} of ${shortDuration(max)} of trainer time`];
    case BudgetLimit.IMPROVEMENT:
      return used === 0 ? [] : [`expected improvement ${numberText(used)}, ends below ${numberText(max)}`];
    case BudgetLimit.GAP:
      return used === 0 ? [] : [`gap ${numberText(used)}, ends below ${numberText(max)}`];
    default:
      return [];
  }
}
