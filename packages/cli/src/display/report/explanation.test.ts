import assert from "node:assert/strict";
import { test } from "node:test";
import { ExplainTrialResponse, SuggestionSource } from "@sintonia/proto/sintonia/v1/admin";
import { Goal } from "@sintonia/proto/sintonia/v1/study";
import { explanationDocument } from "../../study/documents/explanation.js";
import { aCompletedTrial, aStudy } from "../../study/study.fixture.js";
import { explanationLines } from "./explanation.js";

test("an explanation names every outcome, in the order of objectives and limits", () => {
  const study = aStudy({
    objectives: [
      { metric: "val_accuracy", goal: Goal.MAXIMIZE },
      { metric: "parameters", goal: Goal.MINIMIZE },
    ],
    limits: ["val_loss <= 0.6"],
  });
  const outcomes = { val_loss: 0.25, parameters: 12730, val_accuracy: 0.925 };
  const trial = aCompletedTrial("0", 0.925, { outcomes });
  const response = ExplainTrialResponse.fromPartial({ trial, source: SuggestionSource.RANDOM });
  const document = explanationDocument(study, response);
  assert.deepEqual(Object.entries(document.outcomes ?? {}), [
    ["val_accuracy", 0.925],
    ["parameters", 12730],
    ["val_loss", 0.25],
  ]);
  const lines = explanationLines(document);
  const first = lines.findIndex((line) => line.startsWith("Outcome"));
  assert.deepEqual(
    lines.slice(first, first + 3).map((line) => line.trimEnd()),
    ["Outcome    val_accuracy 0.925", "           parameters 12730", "           val_loss 0.25"],
  );
});

test("an explanation of a study of one objective names it", () => {
  const response = ExplainTrialResponse.fromPartial({
    trial: aCompletedTrial("0", 0.925),
    source: SuggestionSource.RANDOM,
  });
  const document = explanationDocument(aStudy(), response);
  assert.equal(document.outcomes, undefined);
  assert.ok(explanationLines(document).includes("Outcome    val_accuracy 0.925"));
});
