import { isSettled } from "@sintonia/page/store/study/state/states";
import type { SetAsideStudy } from "@sintonia/proto/sintonia/v1/admin";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { isProgramTest, type ResultsDocument, resultsDocument, testResults } from "../../study/documents/results.js";
import { goalName } from "../../study/goal.js";
import { numberText, percent } from "../../study/number-text.js";
import { studySeconds } from "../../study/progress/estimate.js";
import { isOver, studyStateName } from "../../study/trial-state.js";
import { shortDuration } from "../format/duration.js";
import { instantText } from "../format/instant.js";
import { labelled } from "../format/label.js";
import { type Layout, PLAIN_LAYOUT } from "../format/layout.js";
import { tableLines } from "../format/table.js";
import { wrapped } from "../format/text.js";
import { furtherLimitTexts } from "./figures/budget-use.js";
import { modelText, objectiveText, programFigures, scoreFigures } from "./figures/measured-figures.js";
import { testReadingLines } from "./figures/test-readings.js";
import { frontLines } from "./front-table.js";
import { selectionLines } from "./selection-lines.js";
import { trialStateText } from "./trial-details.js";
import { stateCell, trialTable } from "./trial-table.js";

/** Returns a table with a line for each study, or a sentence if there is no study. */
export function studyTable(studies: readonly Study[], layout: Layout = PLAIN_LAYOUT): string[] {
  if (studies.length === 0) return wrapped("No studies yet. Start one with: sintonia create SPEC", layout.columns);
  const rows = studies.map((study) => [
    study.id,
    stateCell(steeredState(study)),
    `${study.settledCount}/${study.expectedTrialCount}`,
    study.bestTrialId || "-",
    testText(study),
    study.createdAt === undefined ? "-" : instantText(study.createdAt),
  ]);
  const columns = [
    { title: "STUDY", cutTo: 16 },
    { title: "STATE" },
    { title: "TRIALS" },
    { title: "BEST", leftOut: 2 },
    { title: "TEST ACCURACY", leftOut: 3 },
    { title: "CREATED", leftOut: 1 },
  ];
  return tableLines(columns, rows, layout);
}

/**
 * Returns the accuracy of a study on the test split; of a regression and of a program, the first
 * metric.
 */
function testText({ test, testMetrics }: Study): string {
  if (test === undefined) {
    const [metric] = Object.entries(testMetrics);
    return metric === undefined ? "-" : `${metric[0]} ${numberText(metric[1])}`;
  }
  const { accuracy, scores } = testResults(test);
  const [first] = Object.entries(scores);
  if (accuracy !== null || first === undefined) return percent(test.accuracy);
  return `${first[0]} ${numberText(first[1].value)}`;
}

/** Returns the studies that are set aside, each with its reason and what a person can do. */
export function setAsideLines(studies: readonly SetAsideStudy[], layout: Layout = PLAIN_LAYOUT): string[] {
  return studies.flatMap(({ id, reason, advice }) => [
    "",
    ...wrapped(`${id} is set aside. ${reason} ${advice}`, layout.columns),
  ]);
}

/** Returns the state of a study and a table of its trials. */
export function studyDetails(
  study: Study,
  trials: readonly Trial[],
  now: Date,
  layout: Layout = PLAIN_LAYOUT,
): string[] {
  const results = resultsDocument(study, trials);
  return [
    ...stateLines(study, layout),
    ...labelled("Trials", `${study.settledCount} of ${study.expectedTrialCount} ended`, layout),
    ...budgetLines(study, layout),
    ...timeLines(study, now, layout),
    ...bestLines(results, layout),
    ...testRunLines(study, layout),
    ...testLines(results, layout),
    ...labelledLines("Readings", testReadingLines(results), layout),
    ...frontLines(results, layout),
    "",
    ...trialTable(study, trials, now, layout),
  ];
}

function labelledLines(label: string, lines: readonly string[], layout: Layout): string[] {
  return lines.flatMap((line, i) => labelled(i === 0 ? label : "", line, layout));
}

function stateLines(study: Study, layout: Layout): string[] {
  const { id, name, message, waiting, setAsideTrainers, objectiveMetric, objectives, limits } = study;
  const { goal } = resultsDocument(study, []).study.objective;
  return [
    ...labelled("Study", `${id} (${name})`, layout),
    ...labelled("State", `${stateText(study)}${message === "" ? "" : `: ${message}`}`, layout),
    ...(waiting === undefined ? [] : labelled("Waiting", waiting.message, layout)),
    ...setAsideTrainers.flatMap(({ trainerId, reason }, i) =>
      labelled(i === 0 ? "Set aside" : "", `${trainerId}: ${reason}`, layout),
    ),
    ...(objectives.length === 0
      ? labelled("Objective", `${objectiveMetric} (${goal})`, layout)
      : labelled("Objectives", objectives.map((aim) => `${aim.metric} (${goalName(aim.goal)})`).join(", "), layout)),
    ...(limits.length === 0 ? [] : labelled("Limits", limits.join(", "), layout)),
  ];
}

/** Returns the state of a study in one word. */
function steeredState({ state, pause, stopping }: Study): string {
  if (pause !== undefined) return "paused";
  return stopping === undefined ? studyStateName(state) : "stopping";
}

function stateText({ state, pause, stopping }: Study): string {
  if (pause === undefined && stopping !== undefined) {
    return `${studyStateName(state)}, stops once its running trials have ended`;
  }
  if (pause === undefined) return studyStateName(state);
  return `${studyStateName(state)}, paused${pause.since === undefined ? "" : ` since ${instantText(pause.since)}`}`;
}

/** Returns the use of each limit of the search other than that of its trials. */
function budgetLines(study: Study, layout: Layout): string[] {
  const uses = furtherLimitTexts(study);
  return uses.length === 0 ? [] : labelled("Budget", uses.join(", "), layout);
}

/** Returns when the study was created and how long it has worked, without the interruptions. */
function timeLines(study: Study, now: Date, layout: Layout): string[] {
  const { createdAt, activeSeconds, state } = study;
  if (createdAt === undefined) return [];
  const created = instantText(createdAt);
  const verb = isOver(state) ? "took" : "has taken";
  const took = `${verb} ${shortDuration(studySeconds(study, now) ?? 0)}`;
  return labelled("Created", `${created}; ${took}${activeSeconds > 0 ? " without interruptions" : ""}`, layout);
}

function bestLines(results: ResultsDocument, layout: Layout): string[] {
  const { best } = results;
  const text = best === null || best.objective === null ? "-" : `trial ${best.id}, ${objectiveText(best)}`;
  return [...labelled("Best", text, layout), ...selectionLines(results).flatMap((line) => labelled("", line, layout))];
}

/** Returns the state of a test run until its end. The study's message says how it failed. */
function testRunLines({ testRun }: Study, layout: Layout): string[] {
  if (testRun === undefined || isSettled(testRun)) return [];
  const reasons = [testRun.waiting?.message ?? "", testRun.message].filter((text) => text !== "");
  return labelled("Test", [`Trial ${testRun.tests}, ${trialStateText(testRun)}.`, ...reasons].join(" "), layout);
}

function testLines(results: ResultsDocument, layout: Layout): string[] {
  const { test } = results;
  if (test === null) return [];
  if (isProgramTest(test)) {
    return programFigures(test).flatMap(({ name, text }, i) =>
      labelled(i === 0 ? "Test" : "", `${name} ${text}`, layout),
    );
  }
  const { accuracy, interval } = test;
  const measured = accuracy === null ? "" : `, accuracy ${percent(accuracy)}`;
  const [low, high] = interval?.map(percent) ?? [];
  return [
    ...labelled("Test", `loss ${numberText(test.loss)}${measured}${modelText(results)}`, layout),
    ...(interval === null ? [] : labelled("", `95 % interval ${low} to ${high}`, layout)),
    ...scoreFigures(test).flatMap(({ name, text }) => labelled("", `${name} ${text}`, layout)),
  ];
}
