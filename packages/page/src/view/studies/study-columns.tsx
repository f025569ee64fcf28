import type { Signal } from "@preact/signals";
import type { ListTrainersResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { studyStateName } from "../../store/study/state/states.js";
import { roughSecondsLeft } from "../../store/study/time-left.js";
import type { Texts } from "../../text/en.js";
import { Badge, Progress } from "../part/badge.js";
import { useReader, useTexts } from "../part/context.js";
import { Time } from "../part/facts.js";
import { StudyLink, TrialLink } from "../part/link.js";
import type { Column } from "../part/table/data-table.js";
import { SelectCell } from "../part/table/select-cell.js";
import { BestObjective } from "./best-objective.js";

interface ColumnOptions {
  readonly texts: Texts;
  /** Trainers at work by the id of their study; undefined while unknown. */
  readonly busy: ReadonlyMap<string, number> | undefined;
  readonly selected: Signal<ReadonlySet<string>>;
}

/** Returns the columns of the table of studies. */
export function studyColumns({ texts: { studies, common }, busy, selected }: ColumnOptions): Column<Study>[] {
  return [
    {
      name: "select",
      title: "",
      cell: (study) => <SelectCell id={study.id} selected={selected} label={studies.select(study.id)} />,
    },
    { name: "study", title: studies.study, sort: ({ id }) => id, cell: (study) => <NameCell study={study} /> },
    {
      name: "state",
      title: common.state,
      sort: studyStateName,
      cell: (study) => <Badge state={studyStateName(study)} />,
    },
    { name: "progress", title: studies.progress, sort: shareSettled, cell: (study) => <ProgressCell study={study} /> },
    { name: "best", title: studies.best, cell: (study) => <BestCell study={study} /> },
    {
      name: "left",
      title: studies.left,
      numeric: true,
      sort: roughSecondsLeft,
      cell: (study) => <LeftCell study={study} />,
    },
    {
      name: "trainers",
      title: studies.trainers,
      numeric: true,
      sort: ({ id }) => busy?.get(id) ?? 0,
      cell: ({ id }) => (busy === undefined ? "–" : (busy.get(id) ?? 0)),
    },
    {
      name: "created",
      title: studies.created,
      sort: ({ createdAt }) => createdAt?.getTime(),
      cell: (study) => <CreatedCell study={study} />,
    },
  ];
}

/** Counts the trainers that train trials of each study. */
export function trainersByStudy(list: ListTrainersResponse | undefined): ReadonlyMap<string, number> | undefined {
  if (list === undefined) return undefined;
  const counts = new Map<string, number>();
  for (const { trials } of list.trainers) {
    for (const id of new Set(trials.map(({ studyId }) => studyId))) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function NameCell({ study }: { study: Study }) {
  return (
    <>
      <StudyLink study={study.id} />
      {study.name !== study.id && <span class="quiet name">{study.name}</span>}
    </>
  );
}

function ProgressCell({ study: { settledCount, expectedTrialCount } }: { study: Study }) {
  return <Progress value={settledCount} max={expectedTrialCount} text={`${settledCount}/${expectedTrialCount}`} />;
}

function BestCell({ study }: { study: Study }) {
  const texts = useTexts();
  if (study.bestTrialId === "") return <span class="quiet">–</span>;
  return (
    <span class="best">
      <BestObjective study={study} />{" "}
      <span class="quiet">
        <TrialLink study={study.id} trial={study.bestTrialId}>
          {texts.studies.trial(study.bestTrialId)}
        </TrialLink>
      </span>
    </span>
  );
}

function LeftCell({ study }: { study: Study }) {
  const left = roughSecondsLeft(study);
  const reader = useReader();
  return <>{left === undefined ? "–" : `≈ ${reader.duration(left)}`}</>;
}

function CreatedCell({ study: { createdAt } }: { study: Study }) {
  const reader = useReader();
  return createdAt === undefined ? <>–</> : <Time at={createdAt} text={reader.time(createdAt.getTime())} />;
}

function shareSettled({ settledCount, expectedTrialCount }: Study): number {
  return expectedTrialCount === 0 ? 0 : settledCount / expectedTrialCount;
}
