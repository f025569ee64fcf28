// The front of a study with several objectives or with limits on outcomes.

import type { FrontOutcome, FrontTrial } from "@sintonia/proto/sintonia/v1/study";
import { type Block, paragraph, type Section } from "../content/block.js";
import { columnDigits } from "../content/numbers.js";
import type { SectionContext } from "./context.js";

/** Writes the section "Front"; none for a study of one objective without limits. */
export function frontSections(context: SectionContext): Section[] {
  const { words, study } = context;
  if (study.objectives.length + study.limits.length === 0) return [];
  const front = study.selection?.front ?? [];
  const table = front.length === 0 ? paragraph(words.front.none) : frontTable(context, front);
  return [{ id: "front", title: words.titles.front, blocks: [paragraph(words.front.meaning), table] }];
}

/** The picked trial has an asterisk. */
function frontTable(context: SectionContext, front: readonly FrontTrial[]): Block {
  const { words, study } = context;
  const names = front[0]?.outcomes.map(({ name }) => name) ?? [];
  const ofName = (name: string) => front.map(({ outcomes }) => outcomes.find((outcome) => outcome.name === name));
  const columns = names.flatMap((name) => {
    const known = ofName(name);
    return [
      { title: name, cells: known.map((outcome) => measuredText(context, known, outcome)) },
      { title: words.columns.interval, cells: known.map((outcome) => intervalText(context, outcome)) },
    ];
  });
  const rows = front.map(({ trialId }, i) => [
    trialId === study.bestTrialId ? `${trialId} *` : trialId,
    ...columns.map(({ cells }) => cells[i] ?? ""),
  ]);
  const header = [words.columns.trial, ...columns.map(({ title }) => title)];
  return { kind: "table", header, rows, figures: columns.map((_, index) => index + 1) };
}

type MaybeOutcome = FrontOutcome | undefined;

function measuredText({ numbers }: SectionContext, all: readonly MaybeOutcome[], outcome: MaybeOutcome): string {
  const digits = columnDigits(all.flatMap((each) => (each === undefined ? [] : [each.measured])));
  return outcome === undefined ? "" : numbers.number(outcome.measured, digits);
}

function intervalText({ numbers }: SectionContext, outcome: MaybeOutcome): string {
  const expected = outcome?.expected;
  if (expected === undefined) return "";
  const bounds = [expected.low, expected.high];
  return bounds.map((bound) => numbers.number(bound, columnDigits(bounds))).join(" – ");
}
