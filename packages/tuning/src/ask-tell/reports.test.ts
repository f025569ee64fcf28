import assert from "node:assert/strict";
import { test } from "node:test";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { formatProblems } from "../validation/problems.js";
import { type Asked, type Conversation, converse, specOf } from "./dialogue.fixture.js";
import { parseOracleSpec } from "./oracle-spec.js";

const SPEC = {
  parameters: { x: { type: "double", min: 0, max: 1 } },
  objective: { goal: "minimize", metric: "loss" },
  oracle: { type: "random" },
};

/** Starts a dialogue with a pruner. */
function start(pruner: unknown, more: object = {}): Conversation {
  return converse(specOf({ ...SPEC, pruner, ...more }));
}

/** Reports values of successive epochs and returns the directives. */
function report({ say }: Conversation, id: string, ...values: readonly number[]): unknown[] {
  return values.map((value) => {
    const [answer] = say({ report: { id, value } });
    return answer?.["directive"] ?? answer;
  });
}

/** Asks for trials, reports the same values for each and tells the last one as its result. */
function complete(conversation: Conversation, count: number, ...values: readonly number[]): void {
  for (const { id } of conversation.ask(count)) {
    report(conversation, id, ...values);
    assert.deepEqual(conversation.say({ tell: { id, value: values.at(-1) } }), [{ ok: true }]);
  }
}

function errorsOf(spec: object): string {
  const result = parseOracleSpec(JSON.stringify(spec));
  return result.ok ? "" : formatProblems(result.problems);
}

test("stops a trial that is worse than the median, once enough trials have completed", () => {
  const dialogue = start({ type: "median", startupTrials: 2 });
  complete(dialogue, 2, 3, 2, 1);
  const [bad, good] = dialogue.ask(2) as [Asked, Asked];
  assert.deepEqual(report(dialogue, good.id, 2.9, 1.5), ["continue", "continue"]);
  assert.deepEqual(dialogue.say({ report: { id: bad.id, epoch: 0, value: 4 } }), [
    {
      directive: "stop",
      reason: "In epoch 1 its best loss, 4, was worse than 3, the median of 2 completed trials.",
    },
  ]);
});

test("counts a stopped trial as pruned, with its best value", () => {
  const dialogue = start({ type: "threshold", upper: 5, warmupEpochs: 2 });
  const [trial] = dialogue.ask(1) as [Asked];
  assert.deepEqual(report(dialogue, trial.id, 9, 7, 8), ["continue", "continue", "stop"]);
  const [next] = dialogue.ask(1) as [Asked];
  const [explanation] = dialogue.say({ explain: { id: next.id } });
  assert.deepEqual(explanation?.["known"], { completed: 0, pending: [], infeasible: 0, failed: 0, pruned: 1 });
  assert.match(String(dialogue.say({ explain: { id: trial.id } })[0]?.["pruned"]), /^In epoch 3 its best loss, 7, /);
  assert.match(String(dialogue.say({ best: true })[0]?.["error"]), /^no trial has completed/);
});

test("repeats the directive for reports after a stop, and accepts that the program tells the end", () => {
  const dialogue = start({ type: "threshold", upper: 5 });
  const [trial] = dialogue.ask(1) as [Asked];
  assert.deepEqual(report(dialogue, trial.id, 9, 1), ["stop", "stop"]);
  assert.deepEqual(dialogue.say({ tell: { id: trial.id, state: "pruned" } }), [{ ok: true }]);
  assert.deepEqual(dialogue.say({ tell: { id: trial.id, value: 1 } }), [
    {
      error: 'trial 0 was stopped by the pruner after 1 epochs; tell its "values" without the id to add a measurement',
    },
  ]);
});

test("pauses trials at a rung; the best one comes back from an ask before new trials", () => {
  const dialogue = start({ type: "asha", minEpochs: 2, reductionFactor: 2 });
  const [first, second] = dialogue.ask(2) as [Asked, Asked];
  assert.deepEqual(report(dialogue, first.id, 0.5, 0.4), ["continue", "pause"]);
  assert.deepEqual(report(dialogue, second.id, 0.7, 0.6), ["continue", "pause"]);
  const [resumed, fresh] = dialogue.say({ ask: 2 });
  assert.deepEqual(resumed, { id: first.id, values: first.values, resume: { epoch: 2 } });
  assert.deepEqual(Object.keys(fresh ?? {}), ["id", "values"]);
  assert.equal(fresh?.["id"], "2");
  assert.deepEqual(report(dialogue, first.id, 0.3), ["continue"]);
  assert.deepEqual(dialogue.say({ tell: { id: first.id, value: 0.3 } }), [{ ok: true }]);
});

test("lets a trial go on at once where it would be the next to be promoted", () => {
  const dialogue = start({ type: "asha", reductionFactor: 2 });
  const [first, second] = dialogue.ask(2) as [Asked, Asked];
  assert.deepEqual(report(dialogue, first.id, 0.6), ["pause"]);
  assert.deepEqual(report(dialogue, second.id, 0.5), ["continue"]);
});

test("resumes the best paused trial at the end, one rung after the other", () => {
  const dialogue = start({ type: "asha", reductionFactor: 4 }, { training: { maxEpochs: 17 } });
  const [first, second] = dialogue.ask(2) as [Asked, Asked];
  assert.deepEqual(report(dialogue, first.id, 0.5), ["pause"]);
  assert.deepEqual(dialogue.say({ resume: 1 }), [
    { exhausted: true, reason: "no paused trial can go on before further results of the trials under way (1 paused)" },
  ]);
  assert.deepEqual(report(dialogue, second.id, 0.6), ["pause"]);
  assert.deepEqual(dialogue.say({ resume: 1 }), [{ id: first.id, values: first.values, resume: { epoch: 1 } }]);
  assert.deepEqual(report(dialogue, first.id, 0.5, 0.4, 0.3), ["continue", "continue", "pause"]);
  assert.deepEqual(dialogue.say({ resume: 2 })[0]?.["resume"], { epoch: 4 });
  report(dialogue, first.id, ...Array.from({ length: 13 }, () => 0.2));
  assert.deepEqual(dialogue.say({ resume: 1 })[0]?.["resume"], { epoch: 16 });
});

test("asks for the last epochs where the oracle is exhausted", () => {
  const parameters = { kind: { type: "categorical", values: ["a", "b"] } };
  const dialogue = start({ type: "asha", reductionFactor: 4 }, { parameters, oracle: { type: "grid" } });
  for (const { id } of dialogue.ask(2)) assert.deepEqual(report(dialogue, id, Number(id)), ["pause"]);
  const answers = dialogue.say({ ask: 2 });
  assert.deepEqual(answers[0]?.["resume"], { epoch: 1 });
  assert.equal(answers[1]?.["exhausted"], true);
});

test("a paused trial counts as pruned for the oracle, and its end may be told", () => {
  const dialogue = start({ type: "asha" });
  const [trial] = dialogue.ask(1) as [Asked];
  assert.deepEqual(report(dialogue, trial.id, 0.5, 0.4), ["pause", "pause"]);
  const [next] = dialogue.ask(1) as [Asked];
  const known = dialogue.say({ explain: { id: next.id } })[0]?.["known"];
  assert.deepEqual(known, { completed: 0, pending: [], infeasible: 0, failed: 0, pruned: 1 });
  assert.deepEqual(dialogue.say({ tell: { id: trial.id, state: "failed" } }), [{ ok: true }]);
  assert.deepEqual(dialogue.say({ explain: { id: next.id } })[0]?.["known"], known);
});

test("explains a suggestion by what was known then, also once paused trials have gone on", () => {
  const dialogue = start({ type: "asha", reductionFactor: 2 }, { oracle: { type: "bayesian" }, seed: 3 });
  const trials = dialogue.ask(12);
  for (const { id, values } of trials) report(dialogue, id, (Number(values["x"]) - 0.4) ** 2);
  const asked = dialogue.say({ ask: 8 }).flatMap(({ id, resume }) => (resume === undefined ? [String(id)] : []));
  assert.ok(asked.length > 0);
  const before = asked.map((id) => dialogue.say({ explain: { id } }));
  for (let i = 0; i < 8; i++) {
    for (const { id, resume } of dialogue.say({ ask: 4 })) {
      if (resume !== undefined) report(dialogue, String(id), 0.1, 0.1);
      else dialogue.say({ tell: { id, value: i } });
    }
  }
  assert.ok(before.every(([answer]) => answer?.["error"] === undefined));
  assert.deepEqual(
    asked.map((id) => dialogue.say({ explain: { id } })),
    before,
  );
});

test("an oracle with fidelity learns from reported epochs of every trial but those that failed", () => {
  const requests: SuggestionRequest[] = [];
  const suggest = (request: SuggestionRequest) => {
    requests.push(request);
    return { values: { x: requests.length / 8 }, source: "random" } as const;
  };
  const oracle = { type: "bayesian", fidelity: "epochs" };
  const spec = specOf({ ...SPEC, oracle, pruner: { type: "threshold", upper: 5 }, training: { maxEpochs: 9 } });
  const dialogue = converse(spec, { suggest, explain: () => "exhausted" });
  const [completed, stopped, failed, running] = dialogue.ask(4) as [Asked, Asked, Asked, Asked];
  report(dialogue, completed.id, 4, 3, 3.5, 2);
  dialogue.say({ tell: { id: completed.id, value: 2 } });
  assert.deepEqual(report(dialogue, stopped.id, 4, 9), ["continue", "continue"]);
  report(dialogue, failed.id, 1);
  dialogue.say({ tell: { id: failed.id, state: "failed" } });
  report(dialogue, running.id, 2, 1);
  dialogue.ask(1);
  const at = (epochs: number, objective: number, { values }: Asked) => ({ values, objective, fidelity: epochs / 9 });
  assert.deepEqual(
    new Set(requests.at(-1)?.partial),
    new Set([
      at(3, 3, completed),
      at(1, 4, completed),
      at(2, 4, stopped),
      at(1, 4, stopped),
      at(2, 1, running),
      at(1, 2, running),
    ]),
  );
});

test("a told result below the full budget is evidence, ends no trial and is never the best", () => {
  const requests: SuggestionRequest[] = [];
  const suggest = (request: SuggestionRequest) => {
    requests.push(request);
    return { values: { x: requests.length / 8 }, source: "random" } as const;
  };
  const oracle = { type: "bayesian", fidelity: "epochs" };
  const warmStart = [{ values: { x: 0.9 }, objective: 3, fidelity: 0.5 }];
  const dialogue = converse(specOf({ ...SPEC, oracle, warmStart }), { suggest, explain: () => "exhausted" });
  const [trial] = dialogue.ask(1) as [Asked];
  const told = { values: trial.values, value: -5, fidelity: 0.2 };
  assert.deepEqual(dialogue.say({ tell: told }), [{ ok: true }]);
  dialogue.say({ tell: { id: trial.id, value: 2 } });
  dialogue.ask(1);
  const { partial, completed } = requests.at(-1) as SuggestionRequest;
  assert.deepEqual(partial, [
    { values: { x: 0.9 }, objective: 3, fidelity: 0.5 },
    { values: trial.values, objective: -5, fidelity: 0.2 },
  ]);
  assert.deepEqual(completed, [{ values: trial.values, objective: 2 }]);
  assert.equal((dialogue.say({ best: true })[0] as { value: number }).value, 2);
});

test("a result below the full budget needs values of its own and an oracle that learns from it", () => {
  const errorOf = (spec: object, told: object) => {
    const dialogue = converse(specOf({ ...SPEC, ...spec }), {
      suggest: () => ({ values: { x: 0.5 }, source: "random" }),
      explain: () => "exhausted",
    });
    dialogue.ask(1);
    return String((dialogue.say({ tell: told })[0] as { error?: string }).error);
  };
  const oracle = { type: "bayesian", fidelity: "epochs" };
  assert.match(errorOf({}, { values: { x: 0.2 }, value: 1, fidelity: 0.2 }), /only an oracle .* fidelity: epochs/);
  assert.match(errorOf({ oracle }, { id: "0", value: 1, fidelity: 0.2 }), /tell\.fidelity.*told with its "values"/);
  assert.match(errorOf({ oracle }, { values: { x: 0.2 }, value: 1, fidelity: 0 }), /tell\.fidelity/);
  assert.equal(errorOf({}, { values: { x: 0.2 }, value: 1, fidelity: 1 }), "undefined");
});

test("without fidelity a request has no partial results", () => {
  const requests: SuggestionRequest[] = [];
  const suggest = (request: SuggestionRequest) => {
    requests.push(request);
    return { values: { x: 0.5 }, source: "random" } as const;
  };
  const dialogue = converse(specOf(SPEC), { suggest, explain: () => "exhausted" });
  const [trial] = dialogue.ask(1) as [Asked];
  report(dialogue, trial.id, 1);
  dialogue.ask(1);
  assert.equal("partial" in (requests.at(-1) as SuggestionRequest), false);
});

test("an epoch that is reported again replaces it and all after it", () => {
  const dialogue = start({ type: "threshold", upper: 5, warmupEpochs: 3 });
  const [trial] = dialogue.ask(1) as [Asked];
  report(dialogue, trial.id, 1, 6, 6);
  assert.deepEqual(dialogue.say({ report: { id: trial.id, epoch: 0, value: 6 } }), [{ directive: "continue" }]);
  assert.deepEqual(report(dialogue, trial.id, 6, 6, 6), ["continue", "continue", "stop"]);
});

test("never stops a trial in its last epoch", () => {
  const parameters = { ...SPEC.parameters, epochs: { type: "integer", min: 2, max: 2 } };
  const pruner = { type: "threshold", upper: 5, warmupEpochs: 1 };
  const ends = ["$epochs", 3].map((maxEpochs) => {
    const dialogue = start(pruner, { parameters, training: { maxEpochs } });
    const [trial] = dialogue.ask(1) as [Asked];
    return report(dialogue, trial.id, 9, 9);
  });
  assert.deepEqual(ends, [
    ["continue", "continue"],
    ["continue", "stop"],
  ]);
});

test("without a pruner every trial goes on", () => {
  const dialogue = start(undefined);
  const [trial] = dialogue.ask(1) as [Asked];
  assert.deepEqual(report(dialogue, trial.id, 1, 1e9), ["continue", "continue"]);
  assert.deepEqual(dialogue.say({ resume: 1 }), [{ exhausted: true, reason: "no trial is paused" }]);
});

test("refuses reports that it cannot use, and says what to do", () => {
  const dialogue = start("median", { training: { maxEpochs: 3 } });
  const [trial, told] = dialogue.ask(2) as [Asked, Asked];
  dialogue.say({ tell: { id: told.id, value: 1 } });
  dialogue.say({ tell: { values: { x: 0.5 }, value: 1 } });
  const errorOf = (message: unknown) => dialogue.say(message)[0]?.["error"];
  assert.equal(
    errorOf({ report: { id: trial.id, epoch: 2, value: 1 } }),
    "report.epoch: received 2, expected for trial 0 0, its first epoch; report every epoch",
  );
  report(dialogue, trial.id, 1);
  assert.equal(
    errorOf({ report: { id: trial.id, epoch: 2, value: 1 } }),
    "report.epoch: received 2, expected for trial 0 1, the epoch after the last reported one; report every epoch",
  );
  assert.equal(
    errorOf({ report: { id: trial.id, epoch: 3, value: 1 } }),
    'report.epoch: received 3, but trial 0 ends with epoch 2, counted from 0, by training.maxEpochs; tell its "value"',
  );
  assert.equal(
    errorOf(`{"report": {"id": "${trial.id}", "value": NaN}}`),
    'report.value: received NaN, expected a finite number; a trial that diverged is told with "state": "infeasible"',
  );
  assert.equal(
    errorOf({ report: { id: told.id, value: 1 } }),
    'trial 1 has no further epochs: its end was told, completed; report the epochs of a trial before its "tell"',
  );
  assert.match(String(errorOf({ report: { id: "2", value: 1 } })), /with values of its own/);
  assert.match(String(errorOf({ report: { id: "9", value: 1 } })), /no suggestion has the id "9"/);
});

test("refuses settings without which a pruner has no meaning", () => {
  assert.match(errorsOf({ ...SPEC, pruner: "hyperband" }), /pruner.maxEpochs: .* or as training.maxEpochs/);
  assert.equal(errorsOf({ ...SPEC, pruner: "hyperband", training: { maxEpochs: 9 } }), "");
  assert.match(errorsOf({ ...SPEC, training: { maxEpochs: "nine" } }), /training.maxEpochs: received "nine"/);
  const { objective: _, ...several } = { ...SPEC, objectives: [{ metric: "loss" }, { metric: "latency" }] };
  assert.match(errorsOf({ ...several, pruner: "median" }), /pruner: received "median", expected none or threshold/);
  assert.equal(errorsOf({ ...several, pruner: { type: "threshold", upper: 2 } }), "");
});
