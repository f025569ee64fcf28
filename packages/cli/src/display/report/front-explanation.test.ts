import assert from "node:assert/strict";
import { test } from "node:test";
import { ExplainTrialResponse, SuggestionSource } from "@sintonia/proto/sintonia/v1/admin";
import { explanationDocument } from "../../study/documents/explanation.js";
import { aStudy } from "../../study/study.fixture.js";
import { explanationLines } from "./explanation.js";

const FRONT = {
  objectives: [
    { name: "val_accuracy", belief: { mean: 0.93, sd: 0.01, low: 0.91, high: 0.95 }, lengthScales: { stddev: 0.4 } },
    { name: "parameters", belief: { mean: 5000, sd: 10, low: 4980, high: 5020 }, lengthScales: { stddev: 0.2 } },
  ],
  limits: [{ limit: "val_loss <= 0.5", probability: 0.25 }],
  acquisitionName: "log-expected-hypervolume-improvement",
  acquisition: -2.5,
  frontCount: 3,
  runnersUp: [],
};

test("names each objective with its posterior, each limit with its probability, and the front", () => {
  const response = ExplainTrialResponse.fromPartial({ source: SuggestionSource.MODEL, front: FRONT });
  const lines = explanationLines(explanationDocument(aStudy(), response));
  const expected = [
    "Predicted  val_accuracy 0.93 ± 0.01, 95 % interval 0.91 to 0.95",
    "           parameters 5000 ± 10, 95 % interval 4980 to 5020",
    "Limits     val_loss <= 0.5 holds with probability 25.00 %",
    "Gain       acquisition value (log expected hypervolume improvement) -2.5",
    "Front      3 completed trials",
  ];
  for (const line of expected) assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
});
