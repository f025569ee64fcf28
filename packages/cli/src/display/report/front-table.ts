// The front of a study with several objectives or with limits on outcomes.

import type { FrontTrialResults } from "../../study/documents/choice/front-results.js";
import type { ResultsDocument } from "../../study/documents/results.js";
import { columnText, numberText } from "../../study/number-text.js";
import { sentences } from "../format/label.js";
import type { Layout } from "../format/layout.js";
import { type Cell, type Column, tableLines } from "../format/table.js";

/**
 * Returns a table of the front with the outcomes of each trial, and with their 95 % intervals where
 * the width allows; nothing for a study of one objective without limits.
 */
export function frontLines(
  { front, selection }: Pick<ResultsDocument, "front" | "selection">,
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
    ...tableLines(columnsOf(front, names), rowsOf(front, names, picked), layout),
  ];
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
