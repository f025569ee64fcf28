// Where a pruner lets trials wait at rungs, few trials complete, and an oracle that reads final
// results alone knows little: docs/oracle/fidelity.md has the regrets of both.

import type { Finding } from "../../../validation/problems.js";
import { isRecord } from "../../template/references.js";

/** The pruners whose trials wait at rungs. */
const WITH_RUNGS: ReadonlySet<unknown> = new Set(["asha", "hyperband", "curve"]);
/** The pruner of a mapping without a type. */
const WITHOUT_TYPE = "curve";

/**
 * Fills in `oracle.fidelity` of a spec with one objective, the oracle `bayesian`, and a pruner with
 * rungs or a warm start below the full budget. Anything else stays as it is.
 */
export function withFidelity(spec: unknown): unknown {
  if (!isRecord(spec) || hasAims(spec)) return spec;
  if (!hasRungs(spec["pruner"]) && partialPlaces(spec).length === 0) return spec;
  const { oracle = { type: "bayesian" } } = spec;
  if (!isRecord(oracle) || oracle["type"] !== "bayesian" || oracle["fidelity"] !== undefined) return spec;
  return { ...spec, oracle: { ...oracle, fidelity: "epochs" } };
}

/** Finds the first result below the full budget where the oracle reads final ones alone. */
export function fidelityFindings(spec: Readonly<Record<string, unknown>>): Finding[] {
  const { oracle } = spec;
  if (hasAims(spec) || (isRecord(oracle) && oracle["fidelity"] === "epochs")) return [];
  const expected =
    "1, or oracle: { type: bayesian, fidelity: epochs }, which learns from results below the full budget";
  const first = partialPlaces(spec).slice(0, 1);
  return first.map(([index, received]) => ({ path: ["warmStart", index, "fidelity"], received, expected }));
}

/** Returns the indices and fidelities of the results below the full budget. */
function partialPlaces({ warmStart }: Readonly<Record<string, unknown>>): [index: number, fidelity: number][] {
  if (!Array.isArray(warmStart)) return [];
  return warmStart.flatMap((result: unknown, index): [number, number][] => {
    const fidelity = isRecord(result) ? result["fidelity"] : undefined;
    return typeof fidelity === "number" && fidelity < 1 ? [[index, fidelity]] : [];
  });
}

function hasRungs(pruner: unknown): boolean {
  return WITH_RUNGS.has(isRecord(pruner) ? (pruner["type"] ?? WITHOUT_TYPE) : pruner);
}

function hasAims({ objectives, limits }: Readonly<Record<string, unknown>>): boolean {
  return objectives !== undefined || (Array.isArray(limits) && limits.length > 0);
}
