import { ashaPruner } from "./asha.js";
import type { Pruner } from "./contract/pruner.js";
import type { PrunerSettings } from "./contract/settings.js";
import { curvePruner } from "./curve.js";
import { hyperbandPruner } from "./hyperband.js";
import { medianPruner } from "./median.js";
import { noPruner } from "./none.js";
import { percentilePruner } from "./percentile.js";
import { thresholdPruner } from "./threshold.js";
import { wilcoxonPruner } from "./wilcoxon.js";

/** Returns the pruner of a spec's settings. A new one needs a case here and in the schema. */
export function createPruner(settings: PrunerSettings): Pruner {
  switch (settings.type) {
    case "none":
      return noPruner;
    case "median":
      return medianPruner(settings);
    case "percentile":
      return percentilePruner(settings);
    case "threshold":
      return thresholdPruner(settings);
    case "wilcoxon":
      return wilcoxonPruner(settings);
    case "asha":
      return ashaPruner(settings);
    case "hyperband":
      return hyperbandPruner(settings);
    case "curve":
      return curvePruner(settings);
  }
}
