import { useSignal } from "@preact/signals";
import type { ListTrainersResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { allPages } from "../../api/client.js";
import { isOver, studyStateName } from "../../store/study/state/states.js";
import { usePage, useTexts } from "../part/context.js";
import { useLoaded } from "../part/hook/use-loaded.js";
import { Link } from "../part/link.js";
import { Awaited, Notice } from "../part/notice.js";
import { DataTable } from "../part/table/data-table.js";
import { StateFilter } from "../part/table/state-filter.js";
import { studyColumns, trainersByStudy } from "./study-columns.js";

/** Interval between two readings of the list. The stream of a study is faster. */
const EVERY_MS = 5_000;

/** All studies. */
export function StudiesPage() {
  const { client } = usePage();
  const texts = useTexts();
  const { answer, reload } = useLoaded("studies", () => readStudies(client), EVERY_MS);
  const trainers = useLoaded("trainers", () => client.trainers(), EVERY_MS);
  const known = trainers.answer?.ok ? trainers.answer.value : undefined;
  return (
    <>
      <h1>{texts.studies.title}</h1>
      <Awaited answer={answer} retry={reload}>
        {({ studies, setAside }) => (
          <>
            {setAside.map(({ id, reason, advice }) => (
              <Notice key={id} kind="warning">
                <strong>{texts.studies.setAside(id)}</strong> {reason} {advice}
              </Notice>
            ))}
            {studies.length === 0 ? <NoStudies /> : <StudyTable studies={studies} trainers={known} />}
          </>
        )}
      </Awaited>
    </>
  );
}

/** Reads all studies, and those that are set aside. */
async function readStudies(client: ReturnType<typeof usePage>["client"]) {
  let setAside: readonly { readonly id: string; readonly reason: string; readonly advice: string }[] = [];
  const studies = await allPages(client.studies, (page) => {
    if (page.setAside.length > 0) setAside = page.setAside;
    return page.studies;
  });
  return studies.ok ? { ok: true as const, value: { studies: studies.value, setAside } } : studies;
}

function NoStudies() {
  const texts = useTexts();
  return (
    <Notice kind="info">
      <p>{texts.studies.none}</p>
      <pre>sintonia create SPEC</pre>
    </Notice>
  );
}

interface StudyTableProps {
  readonly studies: readonly Study[];
  readonly trainers: ListTrainersResponse | undefined;
}

function StudyTable({ studies, trainers }: StudyTableProps) {
  const { navigation } = usePage();
  const texts = useTexts();
  const state = navigation.query.value.get("state") ?? "";
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const rows = state === "" ? studies : studies.filter((study) => studyStateName(study) === state);
  const columns = studyColumns({ texts, busy: trainersByStudy(trainers), selected });
  return (
    <DataTable
      label={texts.studies.title}
      rows={rows}
      columns={columns}
      rowKey={({ id }) => id}
      rowText={(study) => [study.id, study.name, study.objectiveMetric, texts.state[studyStateName(study)]].join(" ")}
      rowClass={(study) => (isOver(study) ? "over" : "")}
      filterLabel={texts.studies.filter}
      noMatch={texts.studies.noMatch}
      initialOrder={{ column: "created", descending: true }}
      controls={
        <>
          <StateFilter states={[...new Set(studies.map(studyStateName))]} chosen={state} />
          {selected.value.size > 1 && (
            <Link class="button" to={{ page: "compare" }} parameters={{ study: [...selected.value] }}>
              {texts.studies.compare}
            </Link>
          )}
        </>
      }
    />
  );
}
