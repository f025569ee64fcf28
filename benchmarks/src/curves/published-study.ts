import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import { isModuleStudy, isProgramStudy, type NetworkStudy } from "@sintonia/tuning/spec/study-spec";
import { formatProblems } from "@sintonia/tuning/validation/problems";

const EXPERIMENTS = fileURLToPath(new URL("../../../experiments/", import.meta.url));

/**
 * Reads the spec of a published experiment, whose trials train networks.
 *
 * @param name - for example mnist-init
 */
export function publishedStudy(name: string): NetworkStudy {
  const result = parseStudySpec(readFileSync(join(EXPERIMENTS, `${name}.yaml`), "utf8"));
  if (!result.ok) throw new Error(formatProblems(result.problems));
  const { spec } = result;
  if (isProgramStudy(spec) || isModuleStudy(spec)) throw new Error(`${name} trains no network`);
  return spec;
}
