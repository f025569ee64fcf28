import { useMemo } from "preact/hooks";
import type { Size } from "../../../chart/scene/scene.js";
import { frontPlot } from "../../../plot/front/front.js";
import { type AimedFigures, aimsOfStudy, type StudyAims } from "../../../plot/front/outcomes.js";
import { Chart } from "../../chart/chart.js";
import { usePage, useProgress, useReader, useTexts } from "../../part/context.js";
import { Section } from "../../part/facts.js";
import { useShowTrial } from "../../part/hook/use-show-trial.js";
import { useTrialList } from "../../part/hook/use-trial-list.js";
import { Choice } from "../../part/option.js";
import { FrontTable } from "./front-table.js";

/** The front of a study with several objectives or limits; nothing for any other study. */
export function FrontSection() {
  const { study } = useProgress();
  const texts = useTexts();
  const aims = useAims(study);
  if (aims === undefined) return null;
  return (
    <Section title={texts.front.title}>
      {aims.names.length > 1 && <FrontChart aims={aims} />}
      <FrontTable aims={aims} />
    </Section>
  );
}

/** Returns the same aims for the same study: the chart draws new ones again. */
function useAims(study: AimedFigures): StudyAims | undefined {
  return useMemo(() => aimsOfStudy(study), [study.id, study.objectives.length, study.limits.length]);
}

function FrontChart({ aims }: { aims: StudyAims }) {
  const { study, trials } = useTrialList();
  const { front: texts } = useTexts();
  const query = usePage().navigation.query.value;
  const reader = useReader();
  const x = chosenOf(aims.names, query.get("frontX"), aims.names[0]);
  const y = chosenOf(
    aims.names,
    query.get("frontY"),
    aims.names.find((name) => name !== x),
  );
  const draw = useMemo(() => {
    return (size: Size) => frontPlot({ study, trials, aims, x, y }, { size, reader });
  }, [study, trials, aims, x, y, reader]);
  const options = aims.names.map((name) => [name, name] as const);
  return (
    <>
      {aims.names.length > 2 && (
        <div class="controls">
          <Choice label={texts.across} parameter="frontX" chosen={x} options={options} />
          <Choice label={texts.up} parameter="frontY" chosen={y} options={options} />
        </div>
      )}
      <Chart name={`${study.id}-front`} reader={reader} draw={draw} height={320} onSelect={useShowTrial()} />
    </>
  );
}

function chosenOf(names: readonly string[], chosen: string | null, fallback: string | undefined): string {
  return chosen !== null && names.includes(chosen) ? chosen : (fallback ?? "");
}
