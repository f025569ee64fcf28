import type { StudyParameter } from "../../../plot/data/parameters.js";
import { ParallelChart } from "../../chart/parallel/parallel-chart.js";
import { usePage, useReader, useTexts } from "../../part/context.js";
import { useShowTrial } from "../../part/hook/use-show-trial.js";
import { useTrialList } from "../../part/hook/use-trial-list.js";
import { Choice } from "../../part/option.js";

/** Shares of the best trials among which the reader chooses, in percent. */
const SHARES = [5, 10, 25, 50] as const;
const HEIGHT = 440;

/** All completed trials as lines over the parameters. Brushes and the best share filter them. */
export function ParallelPlot({ parameters }: { parameters: readonly StudyParameter[] }) {
  const { navigation } = usePage();
  const { parameters: texts } = useTexts();
  const reader = useReader();
  const { study, trials } = useTrialList();
  const showTrial = useShowTrial();
  const share = navigation.query.value.get("best") ?? "";
  const shares = SHARES.map((percent) => [String(percent), texts.share(percent)] as const);
  return (
    <>
      <div class="controls">
        <Choice label={texts.bestShare} parameter="best" chosen={share} options={[["", texts.all], ...shares]} />
      </div>
      <ParallelChart
        study={study}
        trials={trials}
        parameters={parameters}
        reader={reader}
        bestShare={(Number(share) || 100) / 100}
        height={HEIGHT}
        onSelect={showTrial}
      />
    </>
  );
}
