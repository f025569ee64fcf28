import assert from "node:assert/strict";
import { test } from "node:test";
import { kerasDuration, shortDuration } from "./duration.js";

test("durations print as KerasTuner prints them", () => {
  assert.equal(kerasDuration(18.4), "00h 00m 18s");
  assert.equal(kerasDuration(157), "00h 02m 37s");
  assert.equal(kerasDuration(2 * 86_400 + 3_661), "2d 01h 01m 01s");
});

test("short durations omit leading zero units", () => {
  assert.deepEqual([8.2, 59.6, 157, 3_720].map(shortDuration), ["8 s", "1m 00s", "2m 37s", "1h 02m"]);
});
