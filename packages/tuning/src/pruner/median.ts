import type { Pruner } from "./contract/pruner.js";
import type { MedianSettings } from "./contract/settings.js";
import { comparisonText, completedText, judge } from "./percentile.js";

/**
 * Returns the pruner that ends a trial whose best objective so far is worse than the median of the
 * completed trials. Their best objectives up to the same epoch of the same execution count.
 *
 * @see Golovin et al. 2017, Google Vizier, section 3.2.2; Optuna 5, `MedianPruner`
 */
export function medianPruner(settings: MedianSettings): Pruner {
  return {
    judge: (request) => judge(request, { ...settings, percentile: 50 }),
    reason: (evidence, metric) => `${comparisonText(evidence, metric)}, the median of ${completedText(evidence)}.`,
  };
}
