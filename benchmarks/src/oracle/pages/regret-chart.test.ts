import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegretResult } from "../regret.js";
import { regretChart } from "./regret-chart.js";

function result(oracle: RegretResult["oracle"], median: number): RegretResult {
  const at = [5, 10].map((trials) => ({ trials, regret: { lower: median / 2, median, upper: median * 2 } }));
  const setting = { function: "branin", oracle, parallel: 1, seeds: 3, firstSeed: 1, noise: 0, shift: true };
  return { ...setting, at, secondsPerSuggestion: { median: 0.01, p95: 0.02 } };
}

test("draws a panel with a legend of the compared oracles, and gives the same text each time", async () => {
  const results = [result("bayesian", 0), result("random", 3)];
  const svg = await regretChart(results);
  assert.equal(svg, await regretChart(results));
  assert.ok(svg.startsWith("<svg"));
  for (const text of [">branin<", ">Sintonia<", ">random search<"]) assert.ok(svg.includes(text), text);
  assert.ok(!svg.includes("KerasTuner's algorithm<"), "only who is there has a place in the legend");
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
});
