import { useMemo } from "preact/hooks";
import type { Size } from "../../../chart/scene/scene.js";
import type { StudyParameter } from "../../../plot/data/parameters.js";
import { type ContourScene, contourPlot } from "../../../plot/parameters/contour.js";
import { Chart } from "../../chart/chart.js";
import { usePage, useReader, useTexts } from "../../part/context.js";
import { useShowTrial } from "../../part/hook/use-show-trial.js";
import { useTrialList } from "../../part/hook/use-trial-list.js";
import { Choice } from "../../part/option.js";
import { useEnqueuePoint } from "./enqueue-point.js";
import { useSurrogate } from "./use-surrogate.js";

const HEIGHT = 460;

/** The surrogate over two parameters, with the trials. A click enqueues a trial there. */
export function ContourPlot({ parameters }: { parameters: readonly StudyParameter[] }) {
  const { parameters: texts } = useTexts();
  const query = usePage().navigation.query.value;
  const first = parameters.find(({ name }) => name === query.get("x")) ?? parameters[0];
  const others = parameters.filter((parameter) => parameter !== first);
  const second = others.find(({ name }) => name === query.get("y")) ?? others[0];
  const names = (list: readonly StudyParameter[]) => list.map(({ name }) => [name, name] as const);
  if (first === undefined || second === undefined) return <p class="empty">{texts.fewParameters}</p>;
  return (
    <>
      <div class="controls">
        <Choice label={texts.parameter} parameter="x" chosen={first.name} options={names(parameters)} />
        <Choice label={texts.second} parameter="y" chosen={second.name} options={names(others)} />
      </div>
      <ContourChart first={first} second={second} />
    </>
  );
}

function ContourChart({ first, second }: { first: StudyParameter; second: StudyParameter }) {
  const { study, trials } = useTrialList();
  const reader = useReader();
  const surrogate = useSurrogate({ parameter: first.name, secondParameter: second.name });
  const { open, view } = useEnqueuePoint(surrogate);
  const draw = useMemo(() => {
    const input = { study, trials, first, second, ...(surrogate && { surrogate }) };
    return (size: Size): ContourScene => contourPlot(input, { size, reader });
  }, [study, trials, first, second, surrogate, reader]);
  const onPoint = (x: number, y: number, scene: ContourScene): void => open?.(scene.valuesAt(x, y));
  return (
    <>
      <Chart
        name={`${study.id}-${first.name}-${second.name}`}
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
