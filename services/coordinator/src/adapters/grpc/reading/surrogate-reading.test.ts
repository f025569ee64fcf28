import assert from "node:assert/strict";
import { test } from "node:test";
import { GetSurrogateRequest, type GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import { trialIdOf } from "@sintonia/protocol/names.fixture";
import type { ParameterValues, SearchSpace } from "@sintonia/tuning/space/parameter";
import { ServerError, Status } from "nice-grpc-common";
import { suggestionRequest } from "../../../core/query/oracle-request.js";
import { Scenario, specOf, WEIGHTS } from "../../../core/scenario.fixture.js";
import { NO_LOSSES } from "../../../core/state/failures.js";
import type { Study, Trial } from "../../../core/state/study.js";
import type { Studies } from "../../../shell/studies.js";
import { TASKS } from "../../threads/tasks.js";
import { getSurrogate } from "./surrogate-reading.js";

const SPACE: SearchSpace = {
  rate: { type: "double", min: 0.001, max: 1, scale: "log" },
  units: { type: "integer", min: 1, max: 9, step: 1, scale: "linear" },
  optimizer: { type: "categorical", values: ["adam", "sgd"] },
  momentum: { type: "double", min: 0, max: 1, scale: "linear", when: { optimizer: ["sgd"] } },
  bias: { type: "fixed", value: true },
};

test("returns the estimates along a parameter through the best trial, and over two through another one", async () => {
  const line = await surrogateOf({ parameter: "rate" });
  assert.deepEqual([line.first.length, line.second.length, line.mean.length, line.observations], [64, 0, 64, 12]);
  assert.equal(line.trialId, "11");
  assert.deepEqual(line.through?.values["units"], { kind: { $case: "integerValue", value: 3 } });
  assert.ok(line.mean.every((mean, i) => (line.low[i] as number) <= mean && mean <= (line.high[i] as number)));
  const plane = await surrogateOf({ parameter: "units", secondParameter: "momentum", trialId: "3", steps: 4 });
  assert.deepEqual([plane.first.length, plane.second.length, plane.high.length, plane.trialId], [4, 4, 16, "3"]);
  const categories = await surrogateOf({ parameter: "optimizer" });
  assert.deepEqual(
    categories.first.map(({ kind }) => kind?.value),
    ["adam", "sgd"],
  );
});

const REFUSED: readonly (readonly [Partial<GetSurrogateRequest>, Status, RegExp])[] = [
  [{ parameter: "" }, Status.INVALID_ARGUMENT, /must be another one/],
  [{ parameter: "rates" }, Status.INVALID_ARGUMENT, /parameter: received "rates", expected a parameter: rate, units/],
  [{ parameter: "__proto__" }, Status.INVALID_ARGUMENT, /received "__proto__"/],
  [{ parameter: "rate", secondParameter: "rate" }, Status.INVALID_ARGUMENT, /another one than parameter/],
  [{ parameter: "rate", secondParameter: "x" }, Status.INVALID_ARGUMENT, /second_parameter: received "x"/],
  [{ parameter: "rate", steps: 201 }, Status.INVALID_ARGUMENT, /steps: received 201, expected 2 to 200/],
  [{ parameter: "rate", secondParameter: "units", steps: 61 }, Status.INVALID_ARGUMENT, /expected 2 to 60/],
  [{ parameter: "bias" }, Status.FAILED_PRECONDITION, /has one value/],
  [
    { parameter: "momentum", trialId: "0" },
    Status.FAILED_PRECONDITION,
    /momentum is inactive at the values of trial 0/,
  ],
  [{ parameter: "rate", trialId: "12" }, Status.NOT_FOUND, /no trial "12"/],
];

for (const [request, code, message] of REFUSED) {
  test(`refuses ${JSON.stringify(request)}`, async () => {
    const isRefusal = (error: unknown) =>
      error instanceof ServerError && error.code === code && message.test(error.details);
    await assert.rejects(surrogateOf({ ...request, parameter: request.parameter ?? "" }), isRefusal);
  });
}

test("needs three completed trials, and one for the best trial", async () => {
  for (const [count, code] of [
    [2, Status.FAILED_PRECONDITION],
    [0, Status.NOT_FOUND],
  ] as const)
    await assert.rejects(
      surrogateOf({ parameter: "rate" }, count),
      (error) => error instanceof ServerError && error.code === code && /completed trial/.test(error.details),
    );
});

function surrogateOf(request: Partial<GetSurrogateRequest>, count = 12): Promise<GetSurrogateResponse> {
  const study = studyOf(count);
  const studies: Pick<Studies, "study" | "slice"> = {
    study: () => study,
    slice: async (of, plan) => TASKS.slice(suggestionRequest(of, of.trials.length), plan),
  };
  return getSurrogate(studies as Studies, GetSurrogateRequest.fromPartial({ studyId: "study", ...request }));
}

/** A study whose later trials are better; those of odd numbers have a momentum. */
function studyOf(count: number): Study {
  const { study } = new Scenario({ ...specOf(), parameters: SPACE }, 0);
  const trials = Array.from({ length: count }, (_, number): Trial => {
    const momentum: ParameterValues = number % 2 === 0 ? { optimizer: "adam" } : { optimizer: "sgd", momentum: 0.5 };
    const values = { rate: 0.001 * 1.8 ** number, units: 1 + ((number * 7) % 9), ...momentum, bias: true };
    return {
      id: trialIdOf(String(number)),
      number,
      state: "completed",
      values: number === 11 ? { ...values, units: 3 } : values,
      source: "model",
      attempt: 1,
      losses: NO_LOSSES,
      checkpoints: [],
      measurements: [],
      objective: number / 10,
      objectives: [number / 10],
      weights: WEIGHTS,
    };
  });
  return { ...study, trials };
}
