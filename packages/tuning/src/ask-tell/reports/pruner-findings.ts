// The contradictions between a dialogue's pruner and its other settings.

import { EPOCHS_TEXT } from "../../plan/schema/program.js";
import { HYPERBAND_EPOCHS_TEXT } from "../../pruner/contract/schema.js";
import { greatestMaxEpochs } from "../../spec/resolve.js";
import { isRecord } from "../../spec/template/references.js";
import type { Finding } from "../../validation/problems.js";
import type { PrunedSpec } from "./verdicts.js";

const OF_ONE_OBJECTIVE = "none or threshold: the other pruners compare trials by one objective";

/** Finds settings without which a pruner has no meaning. */
export function prunerFindings(spec: PrunedSpec & { readonly objectives?: unknown }): Finding[] {
  const { pruner, training, objectives } = spec;
  const isKnown = greatestMaxEpochs(spec) !== undefined;
  const given = isRecord(training) ? training["maxEpochs"] : undefined;
  return [
    ...(given === undefined || isKnown
      ? []
      : [{ path: ["training", "maxEpochs"], received: given, expected: EPOCHS_TEXT }]),
    ...(pruner?.type === "hyperband" && pruner.maxEpochs === undefined && !isKnown
      ? [{ path: ["pruner", "maxEpochs"], received: undefined, expected: HYPERBAND_EPOCHS_TEXT }]
      : []),
    ...(objectives === undefined || pruner === undefined || isOfAnyObjectives(pruner)
      ? []
      : [{ path: ["pruner"], received: pruner.type, expected: OF_ONE_OBJECTIVE }]),
  ];
}

function isOfAnyObjectives({ type }: { readonly type: string }): boolean {
  return type === "none" || type === "threshold";
}
