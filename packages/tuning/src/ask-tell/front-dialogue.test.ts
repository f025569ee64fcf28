import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../validation/problems.js";
import { converse, specOf } from "./dialogue.fixture.js";
import { parseOracleSpec } from "./oracle-spec.js";

const PARAMETERS = { x: { type: "double", min: 0, max: 1 }, y: { type: "double", min: 0, max: 1 } };
const OBJECTIVES = [{ metric: "loss" }, { metric: "accuracy", goal: "maximize" }];
const SPEC = { parameters: PARAMETERS, objectives: OBJECTIVES, limits: ["size <= 10"], seed: 7 };

function talk(spec: object = SPEC) {
  return converse(specOf(spec));
}

function tell(loss: number, accuracy: number, size: number, x: number) {
  return { tell: { values: { x, y: 0.5 }, outcomes: { loss, accuracy, size } } };
}

function problemsOf(spec: object): string {
  const result = parseOracleSpec(JSON.stringify(spec));
  return result.ok ? "" : formatProblems(result.problems);
}

test("best answers with the trials that no other one within the limits beats, and picks one", () => {
  const { say } = talk();
  say(tell(1, 0.9, 5, 0.1));
  say(tell(0.5, 0.5, 5, 0.2));
  say(tell(0.6, 0.85, 10, 0.3));
  say(tell(0.7, 0.8, 1, 0.4));
  say(tell(0.1, 0.99, 10.5, 0.5));
  const [answer] = say({ best: true });
  const front = answer?.["front"] as { id: string; outcomes: object; interval: object }[];
  assert.deepEqual(
    front.map(({ id }) => id),
    ["0", "1", "2"],
  );
  assert.deepEqual(front[2]?.outcomes, { loss: 0.6, accuracy: 0.85, size: 10 });
  assert.deepEqual(answer?.["pick"], { id: "2", rule: "knee" });
});

test("weights decide the pick", () => {
  const ids = [
    [100, 1],
    [1, 100],
  ].map(([loss, accuracy]) => {
    const { say } = talk({ ...SPEC, pick: { weights: { loss, accuracy } } });
    say(tell(1, 0.9, 5, 0.1));
    say(tell(0.5, 0.5, 5, 0.2));
    return say({ best: true })[0]?.["pick"];
  });
  assert.deepEqual(ids, [
    { id: "1", rule: "weights" },
    { id: "0", rule: "weights" },
  ]);
});

test("best says which trial comes nearest to the limits if none keeps them", () => {
  const { say } = talk();
  assert.match(String(say({ best: true })[0]?.["error"]), /no trial has completed/);
  say(tell(1, 0.9, 50, 0.1));
  say(tell(1, 0.9, 12, 0.2));
  assert.deepEqual(say({ best: true }), [
    { error: 'no completed trial keeps the limits; trial "1" comes nearest: size 12, limit size <= 10' },
  ]);
});

test("the intervals of noisy outcomes contain the mean", () => {
  const { say, ask } = talk();
  for (let i = 0; i < 8; i++) {
    const [{ id, values } = assert.fail("nothing asked")] = ask(1);
    const x = Number(values["x"]);
    const outcomes = { loss: x, accuracy: x * x, size: 1 };
    assert.deepEqual(say({ tell: { id, outcomes, noise: { loss: 0.1 } } }), [{ ok: true }]);
  }
  const [answer] = say({ best: true });
  const front = answer?.["front"] as { mean: Record<string, number>; interval: Record<string, number[]> }[];
  assert.ok(front.length > 1);
  for (const { mean, interval } of front) {
    const [low = Number.NaN, high = Number.NaN] = interval["loss"] ?? [];
    assert.ok(low <= (mean["loss"] as number) && (mean["loss"] as number) <= high && low < high);
  }
});

test("explain names each objective, each limit and the acquisition function", () => {
  const { say, ask } = talk();
  const ids = Array.from({ length: 6 }, (_, i) => {
    const [{ id, values } = assert.fail("nothing asked")] = ask(1);
    const x = Number(values["x"]);
    if (i < 5) say({ tell: { id, outcomes: { loss: x, accuracy: x * x, size: 20 * x } } });
    return id;
  });
  const [answer] = say({ explain: { id: ids.at(-1) } });
  const model = answer?.["model"] as {
    beliefs: object;
    limits: { limit: string; probability: number }[];
    acquisition: { name: string };
  };
  assert.deepEqual(Object.keys(model.beliefs), ["loss", "accuracy"]);
  assert.equal(model.limits[0]?.limit, "size <= 10");
  assert.ok((model.limits[0]?.probability as number) >= 0 && (model.limits[0]?.probability as number) <= 1);
  assert.equal(model.acquisition.name, "log-expected-hypervolume-improvement");
});

test("a tell needs every outcome, and refuses other names with one line", () => {
  const { say, ask } = talk();
  ask(1);
  const cases: [object, RegExp][] = [
    [{ id: "0", value: 1 }, /tell\.value: received 1, expected no field of this name/],
    [{ id: "0" }, /tell\.outcomes: received nothing, expected a finite number for each of loss, accuracy, size/],
    [
      { id: "0", outcomes: { loss: 1, accuracy: 1 } },
      /tell\.outcomes\.size: received nothing, expected a finite number/,
    ],
    [{ id: "0", outcomes: { loss: 1, accuracy: 1, sise: 1 } }, /did you mean size\?/],
    [{ id: "0", outcomes: { loss: 1, accuracy: 1, size: 1 }, noise: 1 }, /tell\.noise/],
  ];
  for (const [told, expected] of cases) {
    const error = String(say({ tell: told })[0]?.["error"]);
    assert.match(error, expected);
    assert.doesNotMatch(error, /\n/);
  }
  assert.deepEqual(say({ tell: { id: "0", state: "pruned", outcomes: { loss: 1, accuracy: 1, size: 1 } } }), [
    { ok: true },
  ]);
  assert.match(String(say({ tell: { id: "0", state: "failed" } })[0]?.["error"]), /told already: pruned/);
});

test("beside an id, values are those of the objectives, by name or in their order", () => {
  const { say, ask } = talk({ parameters: PARAMETERS, objectives: OBJECTIVES });
  ask(4);
  say({ tell: { id: "0", values: { loss: 0.5, accuracy: 0.9 } } });
  say({ tell: { id: "1", values: [0.4, 0.8], noise: { loss: 0.1 } } });
  const front = say({ best: true })[0]?.["front"] as { outcomes: object }[];
  assert.deepEqual(
    front.map(({ outcomes }) => outcomes),
    [
      { loss: 0.5, accuracy: 0.9 },
      { loss: 0.4, accuracy: 0.8 },
    ],
  );
  const errorOf = (told: object) => String(say({ tell: { id: "2", ...told } })[0]?.["error"]);
  assert.match(errorOf({ values: [1] }), /tell\.outcomes\.accuracy: received nothing, expected a finite number/);
  assert.match(errorOf({ values: [1, 2, 3] }), /tell\.outcomes\.2: received 3, expected no field of this name/);
  assert.match(
    errorOf({ values: [1, 2], outcomes: { loss: 1, accuracy: 2 } }),
    /tell\.values: received \[1,2\], expected a mapping/,
  );
});

test("a single objective with a limit is told by its metric, and the trial with the best one is the front", () => {
  const { say } = talk({
    parameters: PARAMETERS,
    objective: { metric: "loss", goal: "minimize" },
    limits: ["size <= 10"],
  });
  for (const [loss, size, x] of [
    [0.5, 3, 0.1],
    [0.1, 30, 0.2],
    [0.4, 10, 0.3],
  ] as const) {
    assert.deepEqual(say({ tell: { values: { x, y: 0 }, outcomes: { loss, size } } }), [{ ok: true }]);
  }
  assert.deepEqual(say({ best: true })[0]?.["pick"], { id: "2", rule: "knee" });
});

test("a spec with contradictions is refused with their places", () => {
  const cases: [object, string][] = [
    [{ ...SPEC, objective: { goal: "minimize" } }, "expected nothing beside objectives"],
    [{ ...SPEC, objectives: [{ metric: "loss" }] }, "objectives"],
    [
      { ...SPEC, objectives: [{ metric: "loss" }, { metric: "loss" }] },
      'objectives[1].metric: received "loss", expected another name',
    ],
    [{ ...SPEC, limits: ["size < 10"] }, "limits[0]"],
    [{ ...SPEC, oracle: { type: "keras-tuner" } }, "another oracle: keras-tuner knows one objective and no limits"],
    [{ ...SPEC, pick: { weights: { loss: 1 } } }, "a weight for each of loss, accuracy"],
    [{ parameters: PARAMETERS, pick: "knee" }, 'pick: received "knee", expected nothing without objectives'],
    [{ ...SPEC, warmStart: [{ values: { x: 0, y: 0 }, objective: 1 }] }, "warmStart"],
  ];
  for (const [spec, expected] of cases)
    assert.ok(problemsOf(spec).includes(expected), `${problemsOf(spec)} | ${expected}`);
});
