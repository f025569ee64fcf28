import type { GetImportanceResponse, VarianceShare } from "@sintonia/proto/sintonia/v1/admin";
import { bar } from "../format/bar.js";
import { significant } from "../format/number.js";
import { tableLines } from "../format/table.js";

const BAR_CELLS = 20;
const DIGITS = 3;

/** Returns a table with a bar for each parameter, and sentences that define the shares. */
export function importanceLines(metric: string, response: GetImportanceResponse): string[] {
  const { parameters, pairs, observations, sd, noise, cap } = response;
  const rows = parameters.map(({ parameter, firstOrder, total }) => [
    parameter,
    bar(total?.share ?? 0, BAR_CELLS),
    shareText(total),
    shareText(firstOrder),
  ]);
  const scope =
    cap === undefined
      ? "over the whole space"
      : `over the space, where objectives worse than ${significant(cap, DIGITS)} count as ${significant(cap, DIGITS)}`;
  const noiseText = `Noise is ${wholePercent(noise)} of the variance of a single measurement.`;
  return [
    ...tableLines(["PARAMETER", "", "TOTAL", "ALONE"], rows),
    ...pairs.map(
      ({ first, second, interaction }) => `Interaction of ${first} and ${second}: ${shareText(interaction)}`,
    ),
    "",
    `Shares of the variance of expected ${metric} (standard deviation ${significant(sd, DIGITS)}) ${scope}.`,
    `Estimated from ${observations} completed trials. ${noiseText}`,
    "± is the sampling error of a share. With few trials, the error of the surrogate itself can be larger.",
  ];
}

function shareText(share: VarianceShare | undefined): string {
  if (share === undefined) return "-";
  return `${wholePercent(share.share)} ± ${significant(share.error * 100, 1)} %`;
}

/** Formats a share; an estimate below 0, which is possible within its error, as 0. */
function wholePercent(share: number): string {
  return `${Math.max(0, share * 100).toFixed(0)} %`;
}
