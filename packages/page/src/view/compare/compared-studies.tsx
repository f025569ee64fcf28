import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { type Answer, success } from "../../api/answer.js";
import { allTrials, type Client } from "../../api/client.js";
import { type ComparedRow, comparedLeaves } from "../../store/study/comparison.js";
import { objectiveText } from "../../store/study/objective.js";
import { studyStateName } from "../../store/study/state/states.js";
import { usePage, useReader, useTexts } from "../part/context.js";
import { useLoaded } from "../part/hook/use-loaded.js";
import { StudyLink } from "../part/link.js";
import { Awaited } from "../part/notice.js";
import { ComparedTable } from "./compared-table.js";
import { StudiesChart } from "./studies-chart.js";

/** Interval between two readings of the studies. */
const EVERY_MS = 5_000;

/** A study with its trials, and the objective of its best one as a text. */
interface Compared {
  readonly study: Study;
  readonly trials: readonly Trial[];
  readonly best: string;
}

/** Studies side by side: their state, their results, and their specs leaf by leaf. */
export function ComparedStudies({ ids }: { ids: readonly string[] }) {
  const { client } = usePage();
  const reader = useReader();
  const { answer, reload } = useLoaded(
    ids.join(" "),
    () => readAll(ids, (id) => readStudy(client, id, (trial) => objectiveText(trial, reader))),
    EVERY_MS,
  );
  return (
    <Awaited answer={answer} retry={reload}>
      {(studies) => (
        <>
          <StudiesChart studies={studies} />
          <StudiesTable studies={studies} />
        </>
      )}
    </Awaited>
  );
}

function StudiesTable({ studies }: { studies: readonly Compared[] }) {
  const ids = studies.map(({ study }) => study.id);
  const rows = [
    ...useFacts(studies),
    ...comparedLeaves(studies.map(({ study }) => JSON.parse(study.specJson || "{}"))),
  ];
  return (
    <ComparedTable parameter="study" ids={ids} heads={ids.map((id) => <StudyLink key={id} study={id} />)} rows={rows} />
  );
}

function useFacts(studies: readonly Compared[]): readonly ComparedRow[] {
  const [all, reader] = [useTexts(), useReader()];
  const row = (name: string, text: (compared: Compared) => string): ComparedRow => ({
    name,
    texts: studies.map(text),
  });
  return [
    row(all.common.state, ({ study }) => all.state[studyStateName(study)] ?? ""),
    row(all.study.best, ({ study, best }) => (best === "" ? "" : `${study.objectiveMetric} ${best}`)),
    row(all.study.selected, ({ study: { selection } }) => {
      if (selection?.expected === undefined) return "";
      const { mean, low, high } = selection.expected;
      return `${reader.number(mean)} [${reader.number(low)}, ${reader.number(high)}]`;
    }),
    row(all.study.test, ({ study: { test } }) => {
      if (test === undefined) return "";
      return test.accuracyHigh > 0 ? reader.percent(test.accuracy, 2) : `loss ${reader.number(test.loss)}`;
    }),
    row(all.study.progress, ({ study }) => `${study.settledCount}/${study.expectedTrialCount}`),
    row(all.compare.duration, ({ study }) => (study.activeSeconds > 0 ? reader.duration(study.activeSeconds) : "")),
  ];
}

async function readStudy(
  client: Client,
  id: string,
  text: (trial: Parameters<typeof objectiveText>[0]) => string,
): Promise<Answer<Compared>> {
  const [study, trials] = await Promise.all([client.study(id), allTrials(client, id)]);
  if (!study.ok) return study;
  if (!trials.ok) return trials;
  const best = trials.value.find((trial) => trial.id === study.value.bestTrialId);
  return success({ study: study.value, trials: trials.value, best: best === undefined ? "" : text(best) });
}

async function readAll<T>(ids: readonly string[], load: (id: string) => Promise<Answer<T>>): Promise<Answer<T[]>> {
  const values: T[] = [];
  for (const answer of await Promise.all(ids.map(load))) {
    if (!answer.ok) return answer;
    values.push(answer.value);
  }
  return success(values);
}
