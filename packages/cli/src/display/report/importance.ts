import type { GetImportanceResponse, VarianceShare } from "@sintonia/proto/sintonia/v1/admin";
import { numberText } from "../../study/number-text.js";
import { bar } from "../format/bar.js";
import { sentences } from "../format/label.js";
import { type Layout, PLAIN_LAYOUT } from "../format/layout.js";
import { tableLines } from "../format/table.js";

const BAR_CELLS = 20;
const COLUMNS = [
  { title: "PARAMETER", cutTo: 12 },
  { title: "", leftOut: 1 },
  { title: "TOTAL" },
  { title: "ALONE", leftOut: 2 },
];

/** Returns a table with a bar for each parameter, and sentences that define the shares. */
export function importanceLines(
  metric: string,
  response: GetImportanceResponse,
  layout: Layout = PLAIN_LAYOUT,
): string[] {
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
      : `over the space, where objectives worse than ${numberText(cap)} count as ${numberText(cap)}`;
  const noiseText = `Noise is ${wholePercent(noise)} of the variance of a single measurement.`;
  return [
    ...tableLines(COLUMNS, rows, layout),
    ...sentences(
      [
        ...pairs.map(
          ({ first, second, interaction }) => `Interaction of ${first} and ${second}: ${shareText(interaction)}`,
        ),
        "",
        `Shares of the variance of expected ${metric} (standard deviation ${numberText(sd)}) ${scope}.`,
        `Estimated from ${observations} completed trials. ${noiseText}`,
        "± is the sampling error of a share. With few trials, the error of the surrogate itself can be larger.",
      ],
      layout,
    ),
  ];
}

function shareText(share: VarianceShare | undefined): string {
  if (share === undefined) return "-";
  return `${wholePercent(share.share)} ± ${numberText(share.error * 100, 1)} %`;
}

/** Formats a share; an estimate below 0, which is possible within its error, as 0. */
function wholePercent(share: number): string {
  return `${Math.max(0, share * 100).toFixed(0)} %`;
}
