import { BudgetLimit, type BudgetUse } from "@sintonia/proto/sintonia/v1/study";
import type { Texts } from "../../../text/en.js";
import type { Reader } from "../../../text/reader.js";
import { useProgress, useReader, useTexts } from "../../part/context.js";

/** The use of each limit of the search, other than that of its trials, which the progress shows. */
export function BudgetFact() {
  const { study } = useProgress();
  const [texts, reader] = [useTexts(), useReader()];
  const uses = study.budget.flatMap((use) => useText(use, texts.study.limits, reader));
  return <>{uses.join(" · ")}</>;
}

function useText({ limit, max, used }: BudgetUse, texts: Texts["study"]["limits"], reader: Reader): string[] {
  if (used === undefined) return [];
  switch (limit) {
    case BudgetLimit.EPOCHS:
      return [texts.epochs(reader.number(used, 9), reader.number(max, 9))];
    case BudgetLimit.SECONDS:
      return [texts.seconds(reader.duration(used), reader.duration(max))];
    case BudgetLimit.TRAINER_SECONDS:
      return [texts.trainerSeconds(reader.duration(used), reader.duration(max))];
    case BudgetLimit.IMPROVEMENT:
      return [texts.improvement(reader.number(used), reader.number(max))];
    case BudgetLimit.GAP:
      return [texts.gap(reader.number(used), reader.number(max))];
    default:
      return [];
  }
}
