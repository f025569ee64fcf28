import { useSignal } from "@preact/signals";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { useMemo } from "preact/hooks";
import { parameterNames, valueText } from "../../../store/study/objective.js";
import { trialStateName } from "../../../store/study/state/states.js";
import { usePage, useProgress, useReader, useTexts } from "../../part/context.js";
import { Link } from "../../part/link.js";
import { DataTable } from "../../part/table/data-table.js";
import { StateFilter } from "../../part/table/state-filter.js";
import { trialColumns, trialMessage } from "./trial-columns.js";

/** The trials of a study. */
export function TrialsTab() {
  const { study, trials } = useProgress();
  const texts = useTexts();
  if (trials.size === 0) return <p class="empty">{texts.trials.none}</p>;
  return <TrialTable study={study} trials={[...trials.values()]} />;
}

function TrialTable({ study, trials }: { study: Study; trials: readonly Trial[] }) {
  const page = usePage();
  const [texts, reader] = [useTexts(), useReader()];
  const state = page.navigation.query.value.get("state") ?? "";
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const names = useMemo(() => parameterNames(study, trials), [study.specJson, trials.length]);
  const rowText = (trial: Trial): string =>
    [
      trial.id,
      texts.state[trialStateName(trial)],
      trial.trainerId,
      ...names.map((name) => `${name} ${valueText(trial.values[name], reader)}`),
      trialMessage(trial, texts),
    ].join(" ");
  return (
    <DataTable
      label={texts.study.tabs.trials}
      rows={state === "" ? trials : trials.filter((trial) => trialStateName(trial) === state)}
      columns={trialColumns({ study, names, texts, reader, now: page.now, selected })}
      rowKey={({ id }) => id}
      rowText={rowText}
      rowClass={({ id }) => (id === study.bestTrialId ? "best-row" : "")}
      filterLabel={texts.trials.filter}
      noMatch={texts.trials.noMatch}
      initialOrder={{ column: "trial", descending: false }}
      controls={
        <>
          <StateFilter states={[...new Set(trials.map(trialStateName))]} chosen={state} />
          {selected.value.size > 1 && (
            <Link class="button" to={{ page: "compare" }} parameters={{ study: study.id, trial: [...selected.value] }}>
              {texts.trials.compare(selected.value.size)}
            </Link>
          )}
        </>
      }
    />
  );
}
