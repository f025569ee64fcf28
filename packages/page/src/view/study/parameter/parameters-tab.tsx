import { useMemo } from "preact/hooks";
import { parametersOf } from "../../../plot/data/parameters.js";
import { usePage, useProgress, useTexts } from "../../part/context.js";
import { Section } from "../../part/facts.js";
import { Choice } from "../../part/option.js";
import { ContourPlot } from "./contour-plot.js";
import { ImportancePlot } from "./importance-plot.js";
import { ParallelPlot } from "./parallel-plot.js";
import { SlicePlot } from "./slice-plot.js";

/** Plots of the parameters, in the order of their choice. */
const PLOTS = ["parallel", "slice", "contour", "importance"] as const;

/** The parameters of a study: one plot at a time, named in the address. */
export function ParametersTab() {
  const { study } = useProgress();
  const { parameters: texts, common } = useTexts();
  const query = usePage().navigation.query.value;
  const parameters = useMemo(() => parametersOf(study.specJson), [study.specJson]);
  const plot = PLOTS.find((name) => name === query.get("plot")) ?? "parallel";
  if (parameters.length === 0) return <p class="empty">{common.none}</p>;
  return (
    <Section
      title={texts[plot]}
      aside={
        <Choice label={texts.plot} parameter="plot" chosen={plot} options={PLOTS.map((name) => [name, texts[name]])} />
      }
    >
      {plot === "parallel" && <ParallelPlot parameters={parameters} />}
      {plot === "slice" && <SlicePlot parameters={parameters} />}
      {plot === "contour" && <ContourPlot parameters={parameters} />}
      {plot === "importance" && <ImportancePlot />}
    </Section>
  );
}
