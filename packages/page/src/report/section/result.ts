// The chosen trial and how sure the choice is.

import { SelectionRule, StudyState, type Trial } from "@sintonia/proto/sintonia/v1/study";
import { type Block, paragraph, type Section } from "../content/block.js";
import { columnDigits } from "../content/numbers.js";
import { bestOf, type SectionContext, valueText, wordOf } from "./context.js";

/** Writes the section "Result". */
export function resultSection(context: SectionContext): Section {
  const { words, study } = context;
  const best = bestOf(context);
  const blocks = best === undefined ? [paragraph(words.result.none)] : bestBlocks(context, best);
  const state = words.result.state(wordOf(words, StudyState, study.state));
  const reason = study.message === "" ? state : `${state} ${study.message}`;
  return { id: "result", title: words.titles.result, blocks: [...blocks, paragraph(reason), ...timeBlocks(context)] };
}

function bestBlocks(context: SectionContext, best: Trial): Block[] {
  const { study, words, spec } = context;
  const { result } = words;
  const names = Object.keys(spec.parameters);
  const values = names.flatMap((name) => {
    const value = best.values[name]?.kind?.value;
    return value === undefined ? [] : [`${name} = ${valueText(context, value)}`];
  });
  const rule = wordOf(words, SelectionRule, study.selection?.rule ?? SelectionRule.OBSERVED);
  const digits = objectiveDigits(context);
  const measured = best.objective === undefined ? "-" : context.numbers.number(best.objective, digits);
  const first = [
    result.best(best.id, rule),
    ...(values.length === 0 ? [] : [result.values(values.join(", "))]),
    result.measured(study.objectiveMetric, measured),
  ];
  const doubt = doubtSentences(context, best);
  return [paragraph(first.join(" ")), ...(doubt.length === 0 ? [] : [paragraph(doubt.join(" "))])];
}

function objectiveDigits({ trials }: SectionContext): number {
  return columnDigits(trials.flatMap(({ objective }) => (objective === undefined ? [] : [objective])));
}

function doubtSentences(context: SectionContext, best: Trial): string[] {
  const { numbers, words, study } = context;
  const { selection } = study;
  if (selection?.expected === undefined) return [];
  const { mean, low, high } = selection.expected;
  const [meanText, lowText, highText] = [mean, low, high].map((value) =>
    numbers.number(value, columnDigits([low, high])),
  ) as [string, string, string];
  // Trials of a front are not compared by one objective.
  if (selection.rule === SelectionRule.KNEE || selection.rule === SelectionRule.WEIGHTS) {
    return [words.result.expected(meanText, lowText, highText)];
  }
  const others = selection.tiedTrialIds.join(", ");
  const isOther = selection.bestMeasuredTrialId !== "" && selection.bestMeasuredTrialId !== best.id;
  return [
    words.result.expected(meanText, lowText, highText),
    others === "" ? words.result.untied(best.id) : words.result.tied(best.id, others),
    ...(isOther ? [words.result.bestMeasured(selection.bestMeasuredTrialId)] : []),
  ];
}

function timeBlocks({ study, words, numbers }: SectionContext): Block[] {
  if (study.activeSeconds <= 0) return [];
  return [paragraph(words.result.time(numbers.duration(study.activeSeconds)))];
}
