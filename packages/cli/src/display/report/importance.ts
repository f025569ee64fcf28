import type { GetImportanceResponse, VarianceShare } from "@sintonia/proto/sintonia/v1/admin";
import { bar } from "../format/bar.js";
import { significant } from "../format/number.js";
import { tableLines } from "../format/table.js";

const BAR_CELLS = 20;
const DIGITS = 3;

/** A bar for each parameter, and what the shares are of. */
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
      : `over the space, values worse than ${significant(cap, DIGITS)} counted as that`;
  return [
    ...tableLines(["PARAMETER", "", "TOTAL", "ALONE"], rows),
    ...pairs.map(
      ({ first, second, interaction }) =>
        `${first} and ${second} together beyond each alone: ${shareText(interaction)}`,
    ),
    "",
    `Shares of the variance of expected ${metric} (standard deviation ${significant(sd, DIGITS)}) ${scope}.`,
    `From ${observations} completed trials; of the variance of single measurements, ${wholePercent(noise)} is noise.`,
    "Errors are those of the sampling: with few trials the model itself may be wrong.",
  ];
}

function shareText(share: VarianceShare | undefined): string {
  if (share === undefined) return "-";
  return `${wholePercent(share.share)} ± ${significant(share.error * 100, 1)} %`;
}

/** A share that is 0 up to its error may have been estimated below 0. */
function wholePercent(share: number): string {
  return `${Math.max(0, share * 100).toFixed(0)} %`;
}
