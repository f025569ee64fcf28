import type { DataFacts } from "../../plan/fit.js";
import { type Problem, toProblems } from "../../validation/problems.js";
import type { ModuleStudy, NetworkStudy } from "../study-spec.js";
import { checkPlans } from "./plan-check.js";

/**
 * Checks a valid spec against its data, before the study is created: the last layer, the loss, and
 * every metric that it reads, over the whole space.
 *
 * @returns every problem, each with a fix; none if the spec fits
 */
export function dataFitProblems(spec: NetworkStudy | ModuleStudy, facts: DataFacts): Problem[] {
  return toProblems(checkPlans({ ...spec }, facts));
}
