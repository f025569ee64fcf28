// What was tuned, trained and measured: the spec as a table.

import type { Parameter } from "@sintonia/tuning/space/parameter";
import { selectionOf } from "@sintonia/tuning/spec/selection";
import { facts, paragraph, type Section, type TableBlock } from "../content/block.js";
import { type SectionContext, valueText } from "./context.js";
import { partText } from "./part-text.js";

/** Writes the section "Set-up". */
export function setupSection(context: SectionContext): Section {
  const { words, spec } = context;
  const { columns, setup } = words;
  const description = spec.description === undefined ? [] : [paragraph(spec.description)];
  const rows = [...workRows(context), ...searchRows(context)];
  const space = Object.keys(spec.parameters).length === 0 ? [] : [paragraph(setup.space), spaceTable(context)];
  return {
    id: "setup",
    title: words.titles.setup,
    blocks: [...description, facts([columns.part, columns.value], rows), ...space],
  };
}

type Row = readonly [name: string, value: string];

/** Returns what a trial does: a program, a module, or the layers of a network, and its training. */
function workRows({ spec, words: { setup } }: SectionContext): Row[] {
  if (spec.program !== undefined) {
    return [[setup.program, spec.program.command.join(" ")], ...trainingRows(spec.training, setup)];
  }
  const model = spec.model as { readonly module?: unknown; readonly layers?: readonly unknown[] };
  const parts =
    model.layers === undefined
      ? [[setup.module, partText(model.module)] as const]
      : model.layers.map((layer, index) => [setup.layer(index + 1), partText(layer)] as const);
  return [[setup.data, partText(spec.dataset)], ...parts, ...trainingRows(spec.training, setup)];
}

function trainingRows(training: unknown, setup: SectionContext["words"]["setup"]): Row[] {
  const { optimizer, loss, batchSize, maxEpochs, callbacks } = (training ?? {}) as Readonly<Record<string, unknown>>;
  const rows: readonly (readonly [string, unknown])[] = [
    [setup.optimizer, optimizer],
    [setup.loss, loss],
    [setup.batchSize, batchSize],
    [setup.epochs, maxEpochs],
    ...(Array.isArray(callbacks) ? callbacks.map((callback) => [setup.callback, callback] as const) : []),
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, partText(value)] as const]));
}

function searchRows(context: SectionContext): Row[] {
  const { spec, words, study } = context;
  const { setup, names } = words;
  const { rule, ...rest } = selectionOf(spec);
  const { objectives = [spec.objective], limits = [], pick = "knee" } = spec;
  const named = objectives.map(({ metric, goal }) => `${metric} (${names[goal] ?? goal})`);
  const choice: Row =
    objectives.length > 1 ? [setup.pick, partText(pick)] : [setup.selection, partText({ type: rule, ...rest })];
  const trials = valueText(context, study.maxTrials);
  return [
    [setup.objective, named.join(", ")],
    ...(limits.length === 0 ? [] : [[setup.limits, limits.join(", ")] as const]),
    [setup.oracle, partText(spec.oracle)],
    choice,
    [setup.budget, setup.budgetText(trials, valueText(context, spec.budget.executionsPerTrial))],
    // A seed is a name, not a quantity: it has no separators of thousands.
    [setup.seed, String(spec.seed)],
  ];
}

function spaceTable(context: SectionContext): TableBlock {
  const { columns, names } = context.words;
  const rows = Object.entries(context.spec.parameters).map(([name, parameter]) => [
    name,
    names[parameter.type] ?? parameter.type,
    rangeText(context, parameter),
    "scale" in parameter ? (names[parameter.scale] ?? parameter.scale) : "",
  ]);
  return { kind: "table", header: [columns.parameter, columns.kind, columns.range, columns.scale], rows, figures: [] };
}

function rangeText(context: SectionContext, parameter: Parameter): string {
  if ("min" in parameter) return `[${valueText(context, parameter.min)}; ${valueText(context, parameter.max)}]`;
  if ("values" in parameter) return parameter.values.map((value) => valueText(context, value)).join(", ");
  return "value" in parameter ? valueText(context, parameter.value) : "false, true";
}
