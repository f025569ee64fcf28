import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import type { ExplanationDocument, ModelDocument } from "../../study/documents/explanation.js";
import { formatValue, percent, pythonFloat, significant } from "../format/number.js";

const DIGITS = 4;

/** Why a trial has its values, for a person. */
export function explanationLines(document: ExplanationDocument): string[] {
  const { study, trial, values, metric, objective, known, model } = document;
  return [
    `Trial ${trial} of study ${study}`,
    ...Object.entries(values).map(([name, value]) => `  ${name}: ${formatValue(value)}`),
    "",
    `Source     ${sourceSentence(document)}`,
    `Known      ${known.completed} completed, ${known.pending.length} pending, ${known.infeasible} infeasible, ${known.failed} failed`,
    ...known.pending.map((pending) => `           pending: ${oneLine(pending)}`),
    ...(model === null ? [] : modelLines(model, metric)),
    ...(objective === null ? [] : [`Outcome    ${metric} ${pythonFloat(objective)}`]),
    "Checked    recomputed from the log: the same values, bit for bit",
  ];
}

function sourceSentence({ source, oracle, place }: ExplanationDocument): string {
  const number = place === null ? "" : String(place.index + 1);
  switch (source) {
    case "enqueued":
      return "given in the spec; the oracle was not asked";
    case "model":
      return `the model of the ${oracle} oracle: the best candidate by its acquisition function`;
    case "initial-design":
      return `the initial design of the ${oracle} oracle: trial ${number} of ${place?.count ?? "?"} that spread over the space`;
    case "grid":
      return `point ${number} of the grid`;
    case "quasi-random":
      return place === null ? "an unseen point: the sequence had none left" : `term ${number} of the Sobol sequence`;
    default:
      return place?.count == null
        ? `draw ${number} of the ${oracle} oracle`
        : `draw ${number} of the ${oracle} oracle, which is random until ${place.count} trials have completed`;
  }
}

function modelLines(model: ModelDocument, metric: string): string[] {
  const { mean, sd, interval, best, acquisition, signalSd, noiseSd, bend, runnersUp } = model;
  const short = (value: number) => significant(value, DIGITS);
  return [
    `Believed   ${metric} ${short(mean)} ± ${short(sd)}, in ${short(interval[0])} to ${short(interval[1])} with 95 %`,
    `Best then  expected ${short(best.mean)} at ${oneLine(best.values)}`,
    `Promise    better than that by ${short(acquisition.expectedImprovement)} on average, better at all with ${percent(acquisition.probabilityOfImprovement)}`,
    `           ${acquisition.name.replaceAll("-", " ")} ${short(acquisition.value)}`,
    ...(acquisition.feasibility === null
      ? []
      : [`           ends with a result with ${percent(acquisition.feasibility)}`]),
    ...Object.entries(model.lengthScales).map(
      ([name, length], i) => `${i === 0 ? "Model      " : "           "}changes over ${lengthWords(name, length)}`,
    ),
    `           signal ±${short(signalSd)}, noise of one measurement ±${short(noiseSd)}`,
    ...(bend === null ? [] : [`           differences beyond ${short(bend)} from the best count by their logarithm`]),
    ...runnersUp.map(
      ({ values, acquisition: value }, i) =>
        `${i === 0 ? "Runners-up " : "           "}${short(value)} at ${oneLine(values)}`,
    ),
  ];
}

/** Over more than ten times its range, a parameter makes no difference that could be seen. */
const FLAT_FROM = 10;

function lengthWords(name: string, length: number): string {
  if (length >= FLAT_FROM) return `far more than the range of ${name}: it hardly matters`;
  return `${significant(length, 2)} of the range of ${name}`;
}

function oneLine(values: Readonly<Record<string, ParameterValue>>): string {
  const parts = Object.entries(values).map(
    ([name, value]) => `${name} ${typeof value === "number" ? significant(value, DIGITS) : formatValue(value)}`,
  );
  return parts.join(", ");
}
