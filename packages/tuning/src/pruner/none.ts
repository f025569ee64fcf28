import type { Pruner } from "./contract/pruner.js";

/** The pruner that lets every trial go on. */
export const noPruner: Pruner = {
  judge: () => ({ kind: "continue" }),
  reason: () => "The pruner none prunes no trial.",
};
