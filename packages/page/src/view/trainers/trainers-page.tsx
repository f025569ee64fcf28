import type { LiveTrainer } from "@sintonia/proto/sintonia/v1/admin";
import { allPages } from "../../api/client.js";
import { trainerStateName } from "../../store/study/state/trainer-state.js";
import { TrainerActions } from "../action/trainer-actions.js";
import { usePage, useReader, useTexts } from "../part/context.js";
import { Time } from "../part/facts.js";
import { useLoaded } from "../part/hook/use-loaded.js";
import { StudyLink, TrialLink } from "../part/link.js";
import { Awaited, Notice } from "../part/notice.js";
import { type Column, DataTable } from "../part/table/data-table.js";

/** Interval between two readings of the list: a trainer's heartbeat. */
const EVERY_MS = 5_000;
const GIB = 2 ** 30;

/** The trainers that the coordinator hears from, and those that are cordoned. */
export function TrainersPage() {
  const { client } = usePage();
  const { trainers: texts } = useTexts();
  const { answer, reload } = useLoaded(
    "trainers",
    () => allPages(client.trainers, ({ trainers }) => trainers),
    EVERY_MS,
  );
  return (
    <>
      <h1>{texts.title}</h1>
      <Awaited answer={answer} retry={reload}>
        {(trainers) =>
          trainers.length === 0 ? (
            <Notice kind="info">{texts.none}</Notice>
          ) : (
            <TrainerTable trainers={trainers} reload={reload} />
          )
        }
      </Awaited>
    </>
  );
}

function TrainerTable({ trainers, reload }: { trainers: readonly LiveTrainer[]; reload: () => void }) {
  const all = useTexts();
  const stateText = (trainer: LiveTrainer): string => all.trainers.states[trainerStateName(trainer)];
  return (
    <>
      <DataTable
        label={all.trainers.title}
        rows={trainers}
        columns={useColumns(reload)}
        rowKey={({ id }) => id}
        rowText={(trainer) => [trainer.id, trainer.engine, trainer.equipment?.flavour, stateText(trainer)].join(" ")}
        filterLabel={all.common.filter}
        noMatch={all.trainers.none}
        initialOrder={{ column: "trainer", descending: false }}
      />
      {trainers.flatMap(({ id, setAsideBy }) =>
        setAsideBy.map(({ studyId, reason }) => (
          <Notice key={`${id} ${studyId}`} kind="warning">
            <strong>{id}</strong>: {all.trainers.setAsideBy(studyId)} {reason} <StudyLink study={studyId} />
          </Notice>
        )),
      )}
    </>
  );
}

function useColumns(reload: () => void): Column<LiveTrainer>[] {
  const { trainers: texts } = useTexts();
  const reader = useReader();
  const memory = (bytes = 0): string => (bytes === 0 ? "–" : `${reader.number(bytes / GIB, 3)} GiB`);
  const time = (at: Date | undefined) => (at === undefined ? "–" : <Time at={at} text={reader.time(at.getTime())} />);
  return [
    { name: "trainer", title: texts.trainer, sort: ({ id }) => id, cell: ({ id }) => id },
    { name: "state", title: texts.state, sort: trainerStateName, cell: (trainer) => <StateCell trainer={trainer} /> },
    { name: "trains", title: texts.trains, cell: ({ trials }) => <TrainsCell trials={trials} /> },
    { name: "engine", title: texts.engine, sort: ({ engine }) => engine, cell: ({ engine }) => engine || "–" },
    {
      name: "flavour",
      title: texts.flavour,
      sort: ({ equipment }) => equipment?.flavour,
      cell: ({ equipment }) => equipment?.flavour || "–",
    },
    {
      name: "gpus",
      title: texts.gpus,
      numeric: true,
      sort: ({ equipment }) => equipment?.gpus,
      cell: ({ equipment }) => equipment?.gpus ?? "–",
    },
    {
      name: "memory",
      title: texts.memory,
      numeric: true,
      sort: ({ equipment }) => equipment?.memoryBytes,
      cell: ({ equipment }) => memory(equipment?.memoryBytes),
    },
    {
      name: "seen",
      title: texts.lastSeen,
      sort: ({ lastSeen }) => lastSeen?.getTime(),
      cell: ({ lastSeen }) => time(lastSeen),
    },
    { name: "actions", title: "", cell: (trainer) => <TrainerActions trainer={trainer} onDone={reload} /> },
  ];
}

/** Shape of each state, beside its name. */
const SHAPES = { away: "○", work: "▶", free: "●", draining: "◧", cordoned: "‖" } as const;

function StateCell({ trainer }: { trainer: LiveTrainer }) {
  const { trainers: texts } = useTexts();
  const state = trainerStateName(trainer);
  return (
    <>
      <span class={`badge state-${state}`}>
        <span class="shape" aria-hidden="true">
          {SHAPES[state]}
        </span>
        {texts.states[state]}
      </span>
      {trainer.cordon && <span class="quiet name">{texts.cordonNote(trainer.cordon.reason)}</span>}
    </>
  );
}

function TrainsCell({ trials }: { trials: LiveTrainer["trials"] }) {
  const { trial: texts } = useTexts();
  const reader = useReader();
  if (trials.length === 0) return <>–</>;
  return (
    <>
      {trials.map(({ studyId, trialId, epoch }) => (
        <div key={`${studyId} ${trialId}`}>
          <TrialLink study={studyId} trial={trialId}>{`${studyId} ${trialId}`}</TrialLink>
          {epoch !== undefined && <span class="quiet"> {texts.epoch(reader.number(epoch + 1), "")}</span>}
        </div>
      ))}
    </>
  );
}
