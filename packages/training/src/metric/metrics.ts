import type { ScoreName } from "@sintonia/tuning/plan/metric";
import { accuracy } from "./classes/accuracy.js";
import { balancedAccuracy } from "./classes/balanced-accuracy.js";
import { f1 } from "./classes/f1.js";
import { precision } from "./classes/precision.js";
import { recall } from "./classes/recall.js";
import type { Metric } from "./contract/metric.js";
import { brier } from "./probability/brier.js";
import { logLoss } from "./probability/log-loss.js";
import { averagePrecision } from "./ranking/average-precision.js";
import { rocAuc } from "./ranking/roc-auc.js";
import { mae } from "./regression/mae.js";
import { mape } from "./regression/mape.js";
import { r2 } from "./regression/r2.js";
import { rmse } from "./regression/rmse.js";

/** The table of metrics that are computed from the outputs of a whole set. */
export const METRICS: Readonly<Record<ScoreName, Metric>> = {
  accuracy,
  balanced_accuracy: balancedAccuracy,
  auc: rocAuc,
  average_precision: averagePrecision,
  f1,
  precision,
  recall,
  log_loss: logLoss,
  brier,
  mae,
  rmse,
  mape,
  r2,
};
