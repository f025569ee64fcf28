// The front of a study with several objectives or with limits on outcomes.

import { byObjective } from "@sintonia/tuning/objective/goal";
import type { FrontTrialResults } from "../../study/documents/choice/front-results.js";
import type { ResultsDocument } from "../../study/documents/results.js";
import { columnText, numberText } from "../../study/number-text.js";
import { sentences } from "../format/label.js";
import type { Layout } from "../format/layout.js";
import { type Cell, type Column, tableLines } from "../format/table.js";

/**
 * Returns a table of the front with the outcomes of each trial, the best one by the first objective
 * first, and with 95 % intervals where the width allows; nothing for a study of one objective
 * without limits.
 */
export function frontLines(
  { study, front, selection }: Pick<ResultsDocument, "study" | "front" | "selection">,
  layout: Layout,
): string[] {
  if (front === undefined) return [];
  const [first] = front;
  // The note of the selection says that no trial keeps the limits.
  if (first === undefined) return [];
  const names = Object.keys(first.outcomes);
  const picked = selection?.trial ?? "";
  const count = front.length === 1 ? "1 trial" : `${front.length} trials`;
  const title = picked === "" ? `Front so far (${count}):` : `Front (${count}), * marks the picked one:`;
  return [
    "",
    ...sentences([title], layout),
    ...tableLines(columnsOf(front, names), rowsOf(ordered(front, study.objective), names, picked), layout),
  ];
}

function ordered(
  front: readonly FrontTrialResults[],
  { metric, goal }: ResultsDocument["study"]["objective"],
): readonly FrontTrialResults[] {
  const compare = byObjective(goal);
  return front.toSorted((a, b) => compare(a.outcomes[metric]?.measured ?? 0, b.outcomes[metric]?.measured ?? 0));
}

function columnsOf(front: readonly FrontTrialResults[], names: readonly string[]): Column[] {
  const outcomes = names.flatMap((title, i): Column[] => [
    { title },
    ...(hasIntervals(front, title) ? [{ title: "95 % INTERVAL", leftOut: names.length - i }] : []),
  ]);
  return [{ title: "TRIAL" }, ...outcomes];
}

function rowsOf(front: readonly FrontTrialResults[], names: readonly string[], picked: string): Cell[][] {
  const formats = names.map((name) => columnText(front.flatMap(({ outcomes }) => outcomes[name]?.measured ?? [])));
  return front.map(({ trial, outcomes }) => [
    { text: trial === picked ? `${trial} *` : trial, ink: trial === picked ? "green" : undefined },
    ...names.flatMap((name, i): Cell[] => {
      const outcome = outcomes[name];
      const measured = outcome === undefined ? "-" : (formats[i]?.(outcome.measured) ?? "-");
      if (!hasIntervals(front, name)) return [measured];
      const ends = outcome?.interval?.map((end) => numberText(end)).join(" to ");
      return [measured, ends ?? "-"];
    }),
  ]);
}

function hasIntervals(front: readonly FrontTrialResults[], name: string): boolean {
  return front.some(({ outcomes }) => (outcomes[name]?.interval ?? null) !== null);
}
