import type { LabSheetResult } from "./lab-sheet.js";
import type { RegretResult } from "./regret.js";
import type { Quartiles } from "./statistics.js";
import type { TimeResult } from "./suggestion-time.js";

/** Formats a regret result as text. */
export function regretTable(result: RegretResult): string {
  const { function: name, parallel, seeds, noise, shift, secondsPerSuggestion } = result;
  const kind = `${name}${shift ? ", shifted" : ""}, ${parallel} at once, noise ${noise}, ${seeds} seeds`;
  const rows = result.at.map(({ trials, regret, recommended, measured }) => {
    const named = recommended === undefined ? "" : `, of the chosen trial ${cell(recommended)}`;
    const best = measured === undefined ? "" : `, of the best measured ${cell(measured)}`;
    return `${String(trials).padStart(5)} trials  ${cell(regret)}${named}${best}`;
  });
  const ms = (seconds: number) => `${(1000 * seconds).toFixed(1)} ms`;
  const time = `one suggestion: ${ms(secondsPerSuggestion.median)}, 95 % within ${ms(secondsPerSuggestion.p95)}`;
  const lost = (result.lost ?? []).map((count) => count.toFixed(1)).join(", ");
  return [kind, ...rows, ...(lost === "" ? [] : [`without an objective, of each 20 trials: ${lost}`]), time, ""].join(
    "\n",
  );
}

function cell(regret: Quartiles): string {
  const [lower, median, upper] = [regret.lower, regret.median, regret.upper].map((value) => value.toPrecision(2));
  return `${median} (${lower} to ${upper})`;
}

/** Formats a time result as text. */
export function timeTable(result: TimeResult): string {
  const { observations, led, pending, calls, milliseconds, clockMilliseconds } = result;
  const [processor, clock] = [milliseconds, clockMilliseconds].map(
    ({ median, p95, longest }) =>
      `median ${median.toFixed(0)} ms, 95 % within ${p95.toFixed(0)} ms, longest ${longest.toFixed(0)} ms`,
  );
  const where = led ? "suggested by the oracle" : "at random points";
  const setting = `${observations} observations ${where}, ${pending} pending, ${calls} calls`;
  return `${setting}: processor time ${processor}; wall time ${clock}\n`;
}

/** Formats a lab sheet result as text. */
export function labSheetTable({ seeds, trials, at }: LabSheetResult): string {
  const blocks = at.map(({ scale, noise, choices, coverage, meanIntervalWidth }) => {
    const rows = choices.map(
      ({ choice, meanRegret, standardError }) =>
        `  ${choice.padEnd(28)}${meanRegret.toFixed(4)} ± ${standardError.toFixed(4)} points below the best`,
    );
    const interval = `  the 95 % interval covers the true accuracy in ${(100 * coverage).toFixed(0)} % of the studies`;
    const width = `${meanIntervalWidth.toFixed(3)} points wide`;
    return [`${scale} scale, noise ${noise}`, ...rows, `${interval}, ${width}`].join("\n");
  });
  return [`${trials} trials of one parameter, ${seeds} seeds`, ...blocks, ""].join("\n");
}

/** Formats a median with its quartiles for a page. */
export function quartilesText({ lower, median, upper }: Quartiles): string {
  return `${numberText(median)} (${numberText(lower)} to ${numberText(upper)})`;
}

/** Formats the number of parallel trials for a heading. */
export function parallelText(parallel: number): string {
  return parallel === 1 ? "One trial after the other" : `${parallel} at once, by completed trials`;
}

/** Formats a number with two digits for a page. */
export function numberText(value: number): string {
  return value === 0 || (value >= 0.01 && value < 1e4) ? String(Number(value.toPrecision(2))) : value.toExponential(1);
}
