// Where a pruner lets trials wait at rungs, few trials complete, and an oracle that reads final
// results alone knows little: docs/oracle/fidelity.md has the regrets of both.

import { isRecord } from "../../template/references.js";

/** The pruners whose trials wait at rungs. */
const WITH_RUNGS: ReadonlySet<unknown> = new Set(["asha", "hyperband", "curve"]);
/** The pruner of a mapping without a type. */
const WITHOUT_TYPE = "curve";

/**
 * Fills in `oracle.fidelity` of a spec with one objective, the oracle `bayesian` and a pruner with
 * rungs. Anything else stays as it is.
 */
export function withFidelity(spec: unknown): unknown {
  if (!isRecord(spec) || !hasRungs(spec["pruner"]) || hasAims(spec)) return spec;
  const { oracle = { type: "bayesian" } } = spec;
  if (!isRecord(oracle) || oracle["type"] !== "bayesian" || oracle["fidelity"] !== undefined) return spec;
  return { ...spec, oracle: { ...oracle, fidelity: "epochs" } };
}

function hasRungs(pruner: unknown): boolean {
  return WITH_RUNGS.has(isRecord(pruner) ? (pruner["type"] ?? WITHOUT_TYPE) : pruner);
}

function hasAims({ objectives, limits }: Readonly<Record<string, unknown>>): boolean {
  return objectives !== undefined || (Array.isArray(limits) && limits.length > 0);
}
