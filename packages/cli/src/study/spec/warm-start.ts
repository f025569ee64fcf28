import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import { warmObservations } from "@sintonia/tuning/spec/given-trials";
import type { StudySpec, WarmObservation } from "@sintonia/tuning/spec/study-spec";
import { readTextFile } from "../../system/text/text-file.js";
import { UsageError } from "../../system/usage-error.js";
import type { ResultsDocument } from "../documents/results.js";

/**
 * Reads the completed trials of another study from a file that `sintonia show STUDY --json` or
 * `sintonia run --json` wrote.
 *
 * @throws {UsageError} if the file is not such a document, if its objective differs from the
 * spec's, or if none of its completed trials lies in the spec's search space
 */
export function readWarmStart(path: string, spec: StudySpec): readonly WarmObservation[] {
  const { study, trials } = readResults(path);
  const { metric, goal } = spec.objective;
  if (study.objective.metric !== metric || study.objective.goal !== goal) {
    const { metric: other, goal: otherGoal } = study.objective;
    throw new UsageError(
      `${path}: the objective there is to ${otherGoal} ${other}, but the spec's is to ${goal} ${metric}`,
    );
  }
  const warmStart = trials.flatMap(({ values, objective }) =>
    typeof objective === "number" ? [{ values: values as Record<string, ParameterValue>, objective }] : [],
  );
  if (warmObservations({ parameters: spec.parameters, warmStart }).length > 0) return warmStart;
  throw new UsageError(
    `${path}: no completed trial lies in the spec's search space; ` +
      "a parameter that the other study lacks needs a default",
  );
}

function readResults(path: string): Pick<ResultsDocument, "study" | "trials"> {
  try {
    const document = JSON.parse(readTextFile(path)) as ResultsDocument;
    if (typeof document.study.objective.metric !== "string" || !Array.isArray(document.trials)) throw new TypeError();
    return document;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = `${path}: expected the JSON that "sintonia show STUDY --json" prints`;
    throw new UsageError(message, { cause: error });
  }
}
