import type { Pruner } from "@sintonia/tuning/pruner/contract/pruner";
import { prunerSchema } from "@sintonia/tuning/pruner/contract/schema";
import type { PrunerSettings } from "@sintonia/tuning/pruner/contract/settings";
import { createPruner } from "@sintonia/tuning/pruner/registry";
import { iEpoch } from "./i-epoch.js";

/** The pruners of a study spec that are replayed, with their defaults. */
const OWN: readonly unknown[] = [
  "none",
  "median",
  { type: "percentile", percentile: 25 },
  "wilcoxon",
  "asha",
  "hyperband",
  "curve",
  { type: "curve", finalists: 3 },
  { type: "curve", finalists: 5 },
  { type: "curve", finalists: 7 },
];

/** Trials that the baseline of one epoch trains to their end. */
const KEPT = 3;

/** Returns the pruners by the name that the page has for them; that of no pruner is "none". */
export function contestants(): ReadonlyMap<string, Pruner> {
  const own = OWN.map((spec) => prunerSchema.parse(spec)).map(
    (settings) => [nameOf(settings), createPruner(settings)] as const,
  );
  return new Map<string, Pruner>([...own, [`one epoch, best ${KEPT} go on`, iEpoch(1, KEPT)]]);
}

function nameOf(settings: PrunerSettings): string {
  if (settings.type === "percentile") return `percentile ${settings.percentile}`;
  if (settings.type === "curve" && settings.finalists !== undefined) return `curve, ${settings.finalists} finalists`;
  return settings.type;
}
