// The contradictions between a dialogue's pruner and its other settings.

import { greatestMaxEpochs } from "../../spec/resolve.js";
import { isRecord } from "../../spec/template/references.js";
import type { Finding } from "../../validation/problems.js";
import type { PrunedSpec } from "./verdicts.js";

const MAX_EPOCHS = "a whole number from 1 to 10,000, or a reference such as $epochs to a parameter with such numbers";
const HYPERBAND_EPOCHS = "the largest number of epochs, here or as training.maxEpochs";
const OF_ONE_OBJECTIVE = "none or threshold: the other pruners compare trials by one objective";

/** Finds settings without which a pruner has no meaning. */
export function prunerFindings(spec: PrunedSpec & { readonly objectives?: unknown }): Finding[] {
  const { pruner, training, objectives } = spec;
  const isKnown = greatestMaxEpochs(spec) !== undefined;
  const given = isRecord(training) ? training["maxEpochs"] : undefined;
  return [
    ...(given === undefined || isKnown
      ? []
      : [{ path: ["training", "maxEpochs"], received: given, expected: MAX_EPOCHS }]),
    ...(pruner?.type === "hyperband" && pruner.maxEpochs === undefined && !isKnown
      ? [{ path: ["pruner", "maxEpochs"], received: undefined, expected: HYPERBAND_EPOCHS }]
      : []),
    ...(objectives === undefined || pruner === undefined || isOfAnyObjectives(pruner)
      ? []
      : [{ path: ["pruner"], received: pruner.type, expected: OF_ONE_OBJECTIVE }]),
  ];
}

function isOfAnyObjectives({ type }: { readonly type: string }): boolean {
  return type === "none" || type === "threshold";
}
