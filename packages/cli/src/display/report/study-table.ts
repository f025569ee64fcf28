import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import { parameterNames, resultsDocument } from "../../study/documents/results.js";
import { trialSeconds } from "../../study/progress/estimate.js";
import { studyStateName, trialStateName } from "../../study/trial-state.js";
import { trialValues } from "../../study/values.js";
import { shortDuration } from "../format/duration.js";
import { formatValue, percent, pythonFloat, significant } from "../format/number.js";
import { tableLines } from "../format/table.js";
import { selectionLines } from "./selection-lines.js";

/** Returns a table with a line for each study, or a sentence if there is no study. */
export function studyTable(studies: readonly Study[]): string[] {
  if (studies.length === 0) return ["No studies yet. Start one with: sintonia create SPEC"];
  const rows = studies.map((study) => [
    study.id,
    studyStateName(study.state),
    `${study.settledCount}/${study.expectedTrialCount}`,
    study.bestTrialId || "-",
    study.test === undefined ? "-" : percent(study.test.accuracy),
    study.createdAt?.toISOString() ?? "-",
  ]);
  return tableLines(["STUDY", "STATE", "TRIALS", "BEST", "TEST ACCURACY", "CREATED"], rows);
}

/** Returns the state of a study and a table of its trials. */
export function studyDetails(study: Study, trials: readonly Trial[], now: Date): string[] {
  const best = trials.find((trial) => trial.id === study.bestTrialId);
  const lines = [
    `Study      ${study.id} (${study.name})`,
    `State      ${studyStateName(study.state)}${study.message === "" ? "" : `: ${study.message}`}`,
    `Objective  ${study.objectiveMetric}`,
    `Trials     ${study.settledCount} of ${study.expectedTrialCount} ended`,
    `Best       ${best?.objective === undefined ? "-" : `trial ${best.id}, ${pythonFloat(best.objective)}`}`,
    ...selectionLines(resultsDocument(study, trials)).map((line) => `           ${line}`),
  ];
  if (study.test !== undefined) {
    const { loss, accuracy, accuracyLow, accuracyHigh } = study.test;
    lines.push(`Test       loss ${significant(loss, 4)}, accuracy ${percent(accuracy)}`);
    lines.push(`           95 % interval ${percent(accuracyLow)} to ${percent(accuracyHigh)}`);
  }
  return [...lines, "", ...trialTable(study, trials, now)];
}

function trialTable(study: Study, trials: readonly Trial[], now: Date): string[] {
  const names = parameterNames(study.specJson === "" ? null : JSON.parse(study.specJson));
  const rows = trials.map((trial) => {
    const seconds = trialSeconds(trial, now);
    const values = trialValues(trial, names);
    return [
      trial.id,
      trialStateName(trial.state),
      ...names.map((name) => (Object.hasOwn(values, name) ? shortValue(values[name] as ParameterValue) : "-")),
      objectiveText(trial),
      String(trial.epochs),
      seconds === undefined ? "-" : shortDuration(seconds),
      String(trial.attempt),
      trial.trainerId || "-",
      trial.replicates === undefined
        ? trial.message
        : `Replicate of trial ${trial.replicates.trialId}. ${trial.message}`.trim(),
    ];
  });
  const header = ["TRIAL", "STATE", ...names, study.objectiveMetric, "EPOCHS", "TIME", "ATTEMPT", "TRAINER", "MESSAGE"];
  return tableLines(header, rows);
}

/**
 * Formats the objective, with the standard deviation and the number of its executions if there were
 * several.
 */
function objectiveText({ objective, executionDeviation, executionObjectives }: Trial): string {
  if (objective === undefined) return "-";
  if (executionDeviation === undefined) return pythonFloat(objective);
  return `${pythonFloat(objective)} ± ${significant(executionDeviation, 2)} (${executionObjectives.length})`;
}

function shortValue(value: number | string | boolean): string {
  return typeof value === "number" ? significant(value, 5) : formatValue(value);
}
