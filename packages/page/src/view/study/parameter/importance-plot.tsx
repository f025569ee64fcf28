import type { GetImportanceResponse } from "@sintonia/proto/sintonia/v1/admin";
import { useMemo } from "preact/hooks";
import type { Size } from "../../../chart/scene/scene.js";
import { importanceHeight, importancePlot } from "../../../plot/parameters/importance.js";
import { Chart } from "../../chart/chart.js";
import { usePage, useProgress, useReader, useTexts } from "../../part/context.js";
import { useLoaded } from "../../part/hook/use-loaded.js";
import { Awaited } from "../../part/notice.js";
import { Switch } from "../../part/option.js";

/** The importance of each parameter, with the error of its estimate. */
export function ImportancePlot() {
  const { client, navigation, mode } = usePage();
  const { study } = useProgress();
  const { parameters: texts } = useTexts();
  const isWhole = navigation.query.value.has("whole");
  const key = [study.id, isWhole, study.settledCount].join(" ");
  const { answer, reload } = useLoaded(key, () => client.importance(study.id, isWhole));
  return (
    <>
      {mode === "server" && (
        <div class="controls">
          <Switch label={texts.wholeSpace} parameter="whole" />
        </div>
      )}
      <Awaited answer={answer} retry={reload}>
        {(importance) => <ImportanceChart importance={importance} />}
      </Awaited>
    </>
  );
}

function ImportanceChart({ importance }: { importance: GetImportanceResponse }) {
  const { study } = useProgress();
  const { parameters: texts } = useTexts();
  const reader = useReader();
  const draw = useMemo(() => (size: Size) => importancePlot(importance, { size, reader }), [importance, reader]);
  return (
    <>
      <Chart
        name={`${study.id}-importance`}
        reader={reader}
        draw={draw}
        height={importanceHeight(importance.parameters.length)}
      />
      <p class="quiet">{texts.importanceNote(reader.number(importance.observations, 9))}</p>
    </>
  );
}
