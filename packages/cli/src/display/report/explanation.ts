import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import type { ExplanationDocument, FrontModelDocument, ModelDocument } from "../../study/documents/explanation.js";
import { comparedText, numberText, percent, valueText } from "../../study/number-text.js";
import { type Layout, PLAIN_LAYOUT } from "../format/layout.js";
import { wrapped } from "../format/text.js";

/** Blanks under the labels at the left. */
const INDENT = " ".repeat(11);

/** Returns the explanation of a trial's values as lines. */
export function explanationLines(document: ExplanationDocument, layout: Layout = PLAIN_LAYOUT): string[] {
  return explained(document).flatMap((line) => wrapped(line, layout.columns, INDENT));
}

function explained(document: ExplanationDocument): string[] {
  const { study, trial, values, metric, known, model, front } = document;
  return [
    `Trial ${trial} of study ${study}`,
    ...Object.entries(values).map(([name, value]) => `  ${name}: ${valueText(value)}`),
    "",
    `Source     ${sourceText(document)}`,
    `History    ${historyText(known)}`,
    ...known.pending.map((pending) => `           pending: ${oneLine(pending)}`),
    ...(model === null ? [] : modelLines(model, metric)),
    ...(front === null ? [] : frontLines(front)),
    ...outcomeLines(document),
    "Checked    recomputed from the log: the same values, bit for bit",
  ];
}

function outcomeLines({ metric, objective, outcomes, state, reason }: ExplanationDocument): string[] {
  if (objective !== null) {
    const measured = Object.entries(outcomes ?? { [metric]: objective });
    return labelledLines(
      "Outcome",
      measured.map(([name, value]) => `${name} ${numberText(value)}`),
    );
  }
  return reason === null ? [] : [`Outcome    ${state}: ${reason}`];
}

function historyText({
  completed,
  pending,
  infeasible,
  failed,
  pruned,
  partial,
}: ExplanationDocument["known"]): string {
  const known = `${completed} completed, ${pending.length} pending, ${infeasible} infeasible, ${failed} failed`;
  const more = [
    pruned === 0 ? "" : `, ${pruned} pruned`,
    partial === 0 ? "" : `; ${partial} results below the full budget`,
  ];
  return `${known}${more.join("")}`;
}

function sourceText({ source, oracle, place }: ExplanationDocument): string {
  const number = place === null ? "" : String(place.index + 1);
  switch (source) {
    case "enqueued":
      return "enqueued by the spec, not suggested by the oracle";
    case "defaults":
      return "the defaults of the parameters, tried before the oracle's own points";
    case "model":
      return `the surrogate of the ${oracle} oracle: the candidate with the best acquisition value`;
    case "initial-design":
      return `point ${number} of ${place?.count ?? "?"} of the initial design of the ${oracle} oracle`;
    case "grid":
      return `point ${number} of the grid`;
    case "quasi-random":
      return place === null
        ? "a point outside the Sobol sequence, which had no new point left"
        : `term ${number} of the Sobol sequence`;
    default:
      return place?.count == null
        ? `draw ${number} of the ${oracle} oracle`
        : `draw ${number} of the ${oracle} oracle, which is random until ${place.count} trials have completed`;
  }
}

function modelLines(model: ModelDocument, metric: string): string[] {
  const { mean, sd, interval, best, acquisition, signalSd, noiseSd, bend, runnersUp } = model;
  const text = comparedText([mean, ...interval, best.mean]);
  return [
    `Predicted  ${metric} ${text(mean)} ± ${numberText(sd)}, 95 % interval ${interval.map(text).join(" to ")}`,
    `Incumbent  expected ${text(best.mean)} at ${oneLine(best.values)}`,
    ...acquisitionLines(acquisition),
    ...Object.entries(model.lengthScales).map(
      ([name, length], i) =>
        `${i === 0 ? "Surrogate  " : "           "}length scale of ${name}: ${lengthScaleText(length)}`,
    ),
    `           signal ±${numberText(signalSd)}, noise of a single measurement ±${numberText(noiseSd)}`,
    ...(bend === null
      ? []
      : [`           objectives more than ${numberText(bend)} from the best are on a logarithmic scale`]),
    ...runnersUp.map(
      ({ values, acquisition: value }, i) =>
        `${i === 0 ? "Runners-up " : "           "}${numberText(value)} at ${oneLine(values)}`,
    ),
  ];
}

function frontLines({ objectives, limits, acquisition, frontCount, runnersUp }: FrontModelDocument): string[] {
  const predicted = objectives.map(({ name, mean, sd, interval }) => {
    const text = comparedText([mean, ...interval]);
    return `${name} ${text(mean)} ± ${numberText(sd)}, 95 % interval ${interval.map(text).join(" to ")}`;
  });
  return [
    ...labelledLines("Predicted", predicted),
    ...labelledLines(
      "Limits",
      limits.map(({ limit, probability }) => `${limit} holds with probability ${percent(probability)}`),
    ),
    `Gain       acquisition value (${acquisition.name.replaceAll("-", " ")}) ${numberText(acquisition.value)}`,
    ...(acquisition.completion === null
      ? []
      : [`           probability of a feasible trial ${percent(acquisition.completion)}`]),
    `Front      ${frontCount} completed trials`,
    ...labelledLines(
      "Runners-up",
      runnersUp.map(({ values, acquisition: value }) => `${numberText(value)} at ${oneLine(values)}`),
    ),
  ];
}

function labelledLines(label: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${(i === 0 ? label : "").padEnd(INDENT.length)}${line}`);
}

/**
 * Length scale from which a parameter has no visible effect, as a multiple of the parameter's
 * range.
 */
const FLAT_FROM = 10;

function lengthScaleText(length: number): string {
  if (length >= FLAT_FROM) return "more than ten times its range, so that the parameter hardly matters";
  return `${numberText(length, 2)} of its range`;
}

function acquisitionLines(acquisition: ModelDocument["acquisition"]): string[] {
  const { name, value, expectedImprovement, probabilityOfImprovement, feasibility } = acquisition;
  const gain = `expected improvement ${numberText(expectedImprovement)}`;
  return [
    `Gain       ${gain}, probability of improvement ${percent(probabilityOfImprovement)}`,
    `           acquisition value (${name.replaceAll("-", " ")}) ${numberText(value)}`,
    ...(feasibility === null ? [] : [`           probability of a feasible trial ${percent(feasibility)}`]),
  ];
}

function oneLine(values: Readonly<Record<string, ParameterValue>>): string {
  const parts = Object.entries(values).map(([name, value]) => `${name} ${valueText(value)}`);
  return parts.join(", ");
}
