import type { Signal } from "@preact/signals";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { furtherNames } from "../../../plot/front/outcomes.js";
import { latestObjective, numberText, objectiveText, sortValue, valueText } from "../../../store/study/objective.js";
import { isUnderWay, trialStateName } from "../../../store/study/state/states.js";
import { trialSeconds } from "../../../store/study/time-left.js";
import type { Texts } from "../../../text/en.js";
import type { Reader } from "../../../text/reader.js";
import { Badge } from "../../part/badge.js";
import { TrialLink } from "../../part/link.js";
import type { Column } from "../../part/table/data-table.js";
import { SelectCell } from "../../part/table/select-cell.js";

interface ColumnOptions {
  readonly study: Study;
  /** Names of the parameters. */
  readonly names: readonly string[];
  readonly texts: Texts;
  readonly reader: Reader;
  readonly now: Signal<Date>;
  readonly selected: Signal<ReadonlySet<string>>;
}

/** Returns the columns of the table of trials. */
export function trialColumns(options: ColumnOptions): Column<Trial>[] {
  const { names, reader } = options;
  const parameters = names.map(
    (name): Column<Trial> => ({
      name: `values.${name}`,
      title: name,
      numeric: true,
      sort: ({ values }) => sortValue(values[name]),
      cell: ({ values }) => valueText(values[name], reader),
    }),
  );
  return [...identity(options), ...parameters, ...outcome(options)];
}

/** A column for each outcome other than the first objective, which has its own. */
function furtherOutcomes({ study, reader }: ColumnOptions): Column<Trial>[] {
  return furtherNames(study).map((name) => ({
    name: `outcomes.${name}`,
    title: name,
    numeric: true,
    sort: ({ outcomes }) => outcomes[name],
    cell: ({ outcomes }) => numberText(outcomes[name], reader),
  }));
}

function identity({ study, texts, selected }: ColumnOptions): Column<Trial>[] {
  const { trials } = texts;
  return [
    {
      name: "select",
      title: "",
      cell: ({ id }) => <SelectCell id={id} selected={selected} label={trials.select(id)} />,
    },
    {
      name: "trial",
      title: trials.trial,
      sort: ({ id }) => Number(id),
      cell: ({ id }) => (
        <>
          <TrialLink study={study.id} trial={id} />
          {id === study.bestTrialId && <span class="best-mark"> ★ {trials.best}</span>}
        </>
      ),
    },
    {
      name: "state",
      title: trials.state,
      sort: trialStateName,
      cell: (trial) => <Badge state={trialStateName(trial)} />,
    },
  ];
}

function outcome(options: ColumnOptions): Column<Trial>[] {
  const { study, texts, reader, now } = options;
  const { trials } = texts;
  const latest = (trial: Trial): number | undefined => (isUnderWay(trial) ? latestObjective(study, trial) : undefined);
  return [
    {
      name: "objective",
      title: study.objectiveMetric,
      numeric: true,
      sort: (trial) => trial.objective ?? latest(trial),
      cell: (trial) => <ObjectiveCell trial={trial} latest={latest(trial)} reader={reader} />,
    },
    ...furtherOutcomes(options),
    { name: "epochs", title: trials.epochs, numeric: true, sort: ({ epochs }) => epochs, cell: epochsText },
    {
      name: "time",
      title: trials.time,
      numeric: true,
      sort: (trial) => trialSeconds(trial, trial.endedAt ?? now.peek()),
      cell: (trial) => <DurationCell trial={trial} now={now} reader={reader} />,
    },
    {
      name: "attempt",
      title: trials.attempt,
      numeric: true,
      sort: ({ attempt }) => attempt,
      cell: ({ attempt }) => attempt,
    },
    {
      name: "trainer",
      title: trials.trainer,
      sort: ({ trainerId }) => trainerId || undefined,
      cell: ({ trainerId }) => <span class="quiet">{trainerId || "–"}</span>,
    },
    {
      name: "message",
      title: trials.message,
      cell: (trial) => <span class="message">{trialMessage(trial, texts)}</span>,
    },
  ];
}

/** A completed trial's objective, or the latest value of one that runs. */
function ObjectiveCell(props: { trial: Trial; latest: number | undefined; reader: Reader }) {
  const { trial, latest, reader } = props;
  if (trial.objective !== undefined) return <strong>{objectiveText(trial, reader)}</strong>;
  return <span class="quiet">{latest === undefined ? "–" : `${reader.number(latest)} …`}</span>;
}

function epochsText({ epochs, maxEpochs, executions, ...trial }: Trial): string {
  return isUnderWay(trial) && maxEpochs > 0 ? `${epochs}/${maxEpochs * executions}` : String(epochs);
}

/** The duration of a trial, which grows while it runs. */
export function DurationCell({ trial, now, reader }: { trial: Trial; now: Signal<Date>; reader: Reader }) {
  const seconds = trialSeconds(trial, isUnderWay(trial) ? now.value : now.peek());
  return <>{seconds === undefined ? "–" : reader.duration(seconds)}</>;
}

/** Returns the origin of a trial, why it waits, and how its last attempt or the trial ended. */
export function trialMessage({ replicates, retries, tests, waiting, message }: Trial, { trials }: Texts): string {
  return [
    replicates && trials.replicate(replicates.trialId),
    retries && trials.retryOf(retries),
    tests && trials.testOf(tests),
    waiting?.message,
    message,
  ]
    .filter(Boolean)
    .join(" ");
}
