import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger } from "@sintonia/runtime/logger";
import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { chooseContenders } from "@sintonia/tuning/selection/ranking";
import { selectBest } from "@sintonia/tuning/selection/select-best";
import type { SelectionRequest } from "@sintonia/tuning/selection/selection-request";
import { type OracleService, QuestionDeadlineError } from "../ports/oracle-service.js";
import { withFallback } from "./oracle-fallback.js";

const KNOWN: SuggestionRequest = {
  space: { x: { type: "double", min: 0, max: 1, scale: "linear" } },
  goal: "maximize",
  completed: [0.1, 0.5, 0.9].map((x) => ({ values: { x }, objective: x })),
  pending: [],
  infeasible: [],
  trialNumber: 3,
  seed: 1,
};
const SELECTION: SelectionRequest = {
  rule: "posterior-mean",
  history: KNOWN,
  trials: KNOWN.completed.map(({ values, objective }, i) => ({ id: String(i), values, objective })),
};

describe("an oracle that fails", () => {
  it("is asked once more", async () => {
    const { oracles, asked } = failing(1);
    assert.deepEqual(await oracles.suggest({ type: "bayesian" }, 8, KNOWN), [{ values: { x: 0.5 }, source: "model" }]);
    assert.deepEqual(asked, ["bayesian", "bayesian"]);
  });

  it("is replaced by a random point after the second failure", async () => {
    const { oracles, asked } = failing(2);
    assert.deepEqual(await oracles.suggest({ type: "bayesian" }, 8, KNOWN), [{ values: { x: 0.5 }, source: "random" }]);
    assert.deepEqual(asked, ["bayesian", "bayesian", "random"]);
  });

  it("is replaced by measured objectives in the selection, which says so", async () => {
    const { rule, trialId, expected, note } = await failing(2).oracles.select(SELECTION);
    assert.deepEqual([rule, trialId, expected], ["observed", "2", undefined]);
    assert.match(note ?? "", /model could not be computed/);
    assert.deepEqual(await failing(2).oracles.contenders(SELECTION, 2), ["2", "1"]);
  });

  it("leaves the choice to replicates if there are any", async () => {
    const objectives = [0.3, 0.31, 0.32];
    const contenders = [
      { id: "1", objectives: objectives.map((value) => value + 0.5) },
      { id: "2", objectives },
    ];
    const { rule, trialId, note } = await failing(2).oracles.select({ ...SELECTION, rule: "replicate", contenders });
    assert.deepEqual([rule, trialId, note], ["replicate", "1", undefined]);
  });

  it("raises its first error if the replacement fails too", async () => {
    await assert.rejects(failing(3).oracles.suggest({ type: "bayesian" }, 8, KNOWN), /fault 1/);
  });

  it("raises the error of a busy replacement, so that the caller asks again", async () => {
    const busy = failing(3, undefined, (number) => (number === 3 ? new QuestionDeadlineError(1) : undefined));
    await assert.rejects(busy.oracles.suggest({ type: "bayesian" }, 8, KNOWN), QuestionDeadlineError);
  });

  it("is not replaced once the process stops", async () => {
    const { oracles, asked } = failing(1, AbortSignal.abort());
    await assert.rejects(oracles.suggest({ type: "bayesian" }, 8, KNOWN), /fault 1/);
    assert.equal(asked.length, 1);
  });
});

/** Returns oracles whose first answers are errors. */
function failing(
  faults: number,
  signal = new AbortController().signal,
  faultOf: (number: number) => Error | undefined = () => undefined,
) {
  const asked: string[] = [];
  const answer = async <T>(what: string, value: () => T): Promise<T> => {
    asked.push(what);
    if (asked.length <= faults) throw faultOf(asked.length) ?? new Error(`fault ${asked.length}`);
    return value();
  };
  const inner: OracleService = {
    suggest: ({ type }) =>
      answer(type, () => [{ values: { x: 0.5 }, source: type === "random" ? "random" : "model" }] as const),
    select: (request) => answer("select", () => selectBest(request)),
    contenders: (request, count) => answer("contenders", () => chooseContenders(request, count)),
    explain: () => assert.fail(),
    importance: () => assert.fail(),
    slice: () => assert.fail(),
    close: async () => undefined,
  };
  const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
  return { oracles: withFallback(inner, { logger, signal }), asked };
}
