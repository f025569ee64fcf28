// The figures of the test split beside published ones.

import type { Study, TestReading, TestResult } from "@sintonia/proto/sintonia/v1/study";
import type { PublishedFigures } from "@sintonia/tuning/spec/study-spec";
import { type Block, paragraph, type Section, type TableBlock } from "../content/block.js";
import { bestOf, type SectionContext } from "./context.js";

/** Writes the section "Test split". */
export function testSection(context: SectionContext): Section {
  const { words, study } = context;
  return { id: "test", title: words.titles.test, blocks: [...figureBlocks(context), ...againBlocks(context, study)] };
}

/** A figure as measured, its interval, and what was published. */
interface Figure {
  readonly name: string;
  readonly here: number;
  readonly interval?: readonly [low: number, high: number];
  readonly published: number | undefined;
  readonly isShare: boolean;
}

function figureBlocks(context: SectionContext): Block[] {
  const { study, words, spec, numbers } = context;
  const figures =
    study.test === undefined ? programFigures(study.testMetrics) : modelFigures(study.test, spec.published);
  if (figures.length === 0) return [paragraph(words.test.none)];
  const counted = study.test === undefined ? [] : [paragraph(words.test.examples(numbers.number(study.test.examples)))];
  const source = spec.published?.source;
  const sourced = source === undefined ? [] : [paragraph(words.test.source(source))];
  return [...counted, figureTable(context, [...figures, ...validationFigures(context)]), ...sourced];
}

function modelFigures(test: TestResult, published?: PublishedFigures): Figure[] {
  const isClassification = test.accuracyHigh > 0;
  const accuracy: Figure = {
    name: "accuracy",
    here: test.accuracy,
    interval: [test.accuracyLow, test.accuracyHigh],
    published: published?.testAccuracy,
    isShare: true,
  };
  const scores = test.scores.filter(({ name }) => name !== "accuracy");
  return [
    { name: "loss", here: test.loss, published: published?.testLoss, isShare: false },
    ...(isClassification ? [accuracy] : []),
    ...scores.map(({ name, value, low, high }): Figure => {
      return { name, here: value, interval: [low, high], published: undefined, isShare: false };
    }),
  ];
}

function programFigures(metrics: Study["testMetrics"]): Figure[] {
  return Object.entries(metrics).map(([name, here]) => ({ name, here, published: undefined, isShare: false }));
}

/** Returns the validation accuracy of the selected trial where one was published. */
function validationFigures(context: SectionContext): Figure[] {
  const published = context.spec.published?.valAccuracy;
  const here = bestOf(context)?.objective;
  if (context.study.objectiveMetric !== "val_accuracy" || here === undefined) return [];
  return [{ name: "val_accuracy", here, published, isShare: true }];
}

function figureTable({ words: { columns }, numbers }: SectionContext, figures: readonly Figure[]): TableBlock {
  const text = (value: number, isShare: boolean): string => (isShare ? numbers.percent(value) : numbers.number(value));
  const rows = figures.map(({ name, here, interval, published, isShare }) => [
    name,
    text(here, isShare),
    interval === undefined ? "" : interval.map((bound) => text(bound, isShare)).join(" – "),
    published === undefined ? "" : text(published, isShare),
  ]);
  const header = [columns.figure, columns.here, columns.interval, columns.published];
  return { kind: "table", header, rows, figures: [1, 2, 3] };
}

function againBlocks({ words, numbers, spec }: SectionContext, study: Study): Block[] {
  const { testReadings, bestTrialId, selection } = study;
  const front = new Set(spec.testFront ? selection?.front.map(({ trialId }) => trialId) : []);
  const ofFront = testReadings.filter(({ trialId }) => trialId !== bestTrialId && front.has(trialId));
  const count = testReadings.length - ofFront.length;
  const again = count < 2 ? [] : [paragraph(words.test.again(numbers.number(count)))];
  const text = (reading: TestReading): string => {
    const figures = reading.test === undefined ? programFigures(reading.metrics) : modelFigures(reading.test);
    const parts = figures.map(
      ({ name, here, isShare }) => `${name} ${isShare ? numbers.percent(here) : numbers.number(here)}`,
    );
    return `${reading.trialId}: ${parts.join(", ")}`;
  };
  return [...again, ...(ofFront.length === 0 ? [] : [paragraph(words.test.front(ofFront.map(text).join("; ")))])];
}
