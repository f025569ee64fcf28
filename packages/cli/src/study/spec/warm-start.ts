import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import { warmObservations, warmPartials } from "@sintonia/tuning/spec/given-trials";
import type { StudySpec, WarmObservation } from "@sintonia/tuning/spec/study-spec";
import { isRecord } from "@sintonia/tuning/spec/template/references";
import { readTextFile } from "../../system/text/text-file.js";
import { UsageError } from "../../system/usage-error.js";
import type { ResultsDocument } from "../documents/results.js";
import type { TrialResults } from "../documents/trial-results.js";

/** Says how to get a file for a warm start. */
const SOURCE = 'a warm start needs the file that "sintonia show STUDY --json > FILE" writes';

/** The help text of `--warm-start-fidelity`. */
export const WARM_START_FIDELITY =
  "share of this study's full budget, such as a part of the data, with which --warm-start was measured (default: 1)";

/** The options of a command that begins a study with the results of another one. */
export interface WarmStartOptions {
  readonly warmStart?: string;
  readonly warmStartFidelity?: number;
}

/**
 * Returns the results that the options name; none without them.
 *
 * @throws {UsageError} as `readWarmStart`, and for a fidelity without a file
 */
export function warmStartOf(
  { warmStart, warmStartFidelity }: WarmStartOptions,
  spec: StudySpec,
): { readonly warmStart?: readonly WarmObservation[] } {
  if (warmStart !== undefined) return { warmStart: readWarmStart(warmStart, spec, warmStartFidelity) };
  if (warmStartFidelity === undefined) return {};
  throw new UsageError("--warm-start-fidelity says how --warm-start was measured; name its file too");
}

/**
 * Reads the completed trials of another study from a file that `sintonia show STUDY --json` or
 * `sintonia run --json` wrote.
 *
 * @param fidelity - share of the spec's full budget with which they were measured
 * @throws {UsageError} if the file is not such a document, if its objective differs from the
 * spec's, or if none of its completed trials lies in the spec's search space
 */
export function readWarmStart(path: string, spec: StudySpec, fidelity = 1): readonly WarmObservation[] {
  const { study, trials } = readResults(path);
  const { metric, goal } = spec.objective;
  if (study.objective.metric !== metric || study.objective.goal !== goal) {
    const { metric: other, goal: otherGoal } = study.objective;
    throw new UsageError(
      `${path}: the objective there is to ${otherGoal} ${other}, but the spec's is to ${goal} ${metric}`,
    );
  }
  const warmStart = trials.flatMap(({ values, objective }) =>
    typeof objective === "number" && Number.isFinite(objective)
      ? [{ values: values as Record<string, ParameterValue>, objective, ...(fidelity < 1 ? { fidelity } : {}) }]
      : [],
  );
  const { parameters } = spec;
  const usable = [...warmObservations({ parameters, warmStart }), ...warmPartials({ parameters, warmStart })];
  if (usable.length > 0) return warmStart;
  throw new UsageError(
    `${path}: no completed trial lies in the spec's search space; ` +
      "a parameter that the other study lacks needs a default",
  );
}

/** The part of a results document that a warm start uses. */
interface Results {
  readonly study: Pick<ResultsDocument["study"], "objective">;
  readonly trials: readonly Pick<TrialResults, "values" | "objective">[];
}

function readResults(path: string): Results {
  const text = readText(path);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON, or its end is missing: ${SOURCE}`, { cause: error });
  }
  if (!isResults(document)) throw new UsageError(`${path} has no results of a study: ${SOURCE}`);
  return document;
}

function readText(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UsageError(`${path} does not exist: ${SOURCE}`, { cause: error });
    }
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function isResults(document: unknown): document is Results {
  if (!isRecord(document) || !isRecord(document["study"]) || !isRecord(document["study"]["objective"])) return false;
  const { metric, goal } = document["study"]["objective"];
  const { trials } = document;
  return typeof metric === "string" && typeof goal === "string" && Array.isArray(trials) && trials.every(isTrial);
}

function isTrial(trial: unknown): boolean {
  return isRecord(trial) && isRecord(trial["values"]) && Object.values(trial["values"]).every(isParameterValue);
}

function isParameterValue(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
