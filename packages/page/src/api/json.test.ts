import assert from "node:assert/strict";
import { test } from "node:test";
import { Trial } from "@sintonia/proto/sintonia/v1/study";
import { parseJson } from "./json.js";

test("a metric that is not finite is absent, not 0", () => {
  const trial = Trial.fromJSON(parseJson('{"id":"1","latest":{"metrics":{"loss":null,"accuracy":0.5}}}'));
  assert.deepEqual(trial.latest?.metrics, { accuracy: 0.5 });
});
