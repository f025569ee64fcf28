import { useMemo } from "preact/hooks";
import type { Size } from "../../chart/scene/scene.js";
import { type ComparedStudy, studiesPlot } from "../../plot/trials/studies.js";
import { Chart } from "../chart/chart.js";
import { usePage, useReader } from "../part/context.js";

/** The best objective so far of each study. A click leads to the study. */
export function StudiesChart({ studies }: { studies: readonly ComparedStudy[] }) {
  const { navigation } = usePage();
  const reader = useReader();
  const draw = useMemo(() => (size: Size) => studiesPlot(studies, { size, reader }), [studies, reader]);
  const show = (study: string): void => navigation.go(navigation.href({ page: "study", study, tab: "overview" }));
  return <Chart name="studies" reader={reader} draw={draw} height={320} onSelect={show} />;
}
