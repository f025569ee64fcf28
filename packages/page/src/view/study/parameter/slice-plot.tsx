import type { GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import { useMemo } from "preact/hooks";
import type { Size } from "../../../chart/scene/scene.js";
import type { StudyParameter } from "../../../plot/data/parameters.js";
import { type SliceScene, slicePlot } from "../../../plot/parameters/slice.js";
import { Chart } from "../../chart/chart.js";
import { usePage, useProgress, useReader, useTexts } from "../../part/context.js";
import { useShowTrial } from "../../part/hook/use-show-trial.js";
import { useTrialList } from "../../part/hook/use-trial-list.js";
import { Choice } from "../../part/option.js";
import { useEnqueuePoint } from "./enqueue-point.js";
import { useSurrogate } from "./use-surrogate.js";

const HEIGHT = 420;

/** The objective along one parameter. A click at a value enqueues a trial there. */
export function SlicePlot({ parameters }: { parameters: readonly StudyParameter[] }) {
  const { navigation, mode } = usePage();
  const { trials } = useProgress();
  const { parameters: texts } = useTexts();
  const query = navigation.query.value;
  const parameter = parameters.find(({ name }) => name === query.get("x")) ?? parameters[0];
  const through = mode === "report" ? "" : (query.get("trial") ?? "");
  const surrogate = useSurrogate({ parameter: parameter?.name ?? "", trialId: through });
  if (parameter === undefined) return null;
  const completed = [...trials.values()].filter(({ objective }) => objective !== undefined);
  const names = parameters.map(({ name }) => [name, name] as const);
  const ids = completed.map(({ id }) => [id, id] as const);
  return (
    <>
      <div class="controls">
        <Choice label={texts.parameter} parameter="x" chosen={parameter.name} options={names} />
        {mode === "server" && (
          <Choice label={texts.through} parameter="trial" chosen={through} options={[["", texts.bestTrial], ...ids]} />
        )}
      </div>
      <SliceChart parameter={parameter} surrogate={surrogate} />
    </>
  );
}

interface SliceChartProps {
  readonly parameter: StudyParameter;
  readonly surrogate: GetSurrogateResponse | undefined;
}

function SliceChart({ parameter, surrogate }: SliceChartProps) {
  const { study, trials } = useTrialList();
  const reader = useReader();
  const { open, view } = useEnqueuePoint(surrogate);
  const draw = useMemo(() => {
    const input = { study, trials, parameter, ...(surrogate && { surrogate }) };
    return (size: Size): SliceScene => slicePlot(input, { size, reader });
  }, [study, trials, parameter, surrogate, reader]);
  const onPoint = (x: number, _y: number, scene: SliceScene): void => open?.({ [parameter.name]: scene.valueAt(x) });
  return (
    <>
      <Chart
        name={`${study.id}-${parameter.name}`}
        reader={reader}
        draw={draw}
        height={HEIGHT}
        onSelect={useShowTrial()}
        {...(open && { onPoint })}
      />
      {view}
    </>
  );
}
