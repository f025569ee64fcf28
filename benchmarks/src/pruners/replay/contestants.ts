import type { Pruner } from "@sintonia/tuning/pruner/contract/pruner";
import { prunerSchema } from "@sintonia/tuning/pruner/contract/schema";
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
];

/** Trials that the baseline of one epoch trains to their end. */
const KEPT = 3;

/** Returns the pruners by the name that the page has for them; that of no pruner is "none". */
export function contestants(): ReadonlyMap<string, Pruner> {
  const own = OWN.map((spec) => prunerSchema.parse(spec)).map(
    (settings) => [settings.type === "percentile" ? "percentile 25" : settings.type, createPruner(settings)] as const,
  );
  return new Map<string, Pruner>([...own, [`one epoch, best ${KEPT} go on`, iEpoch(1, KEPT)]]);
}
