import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { studyIdOf } from "@sintonia/protocol/names.fixture";
import { apply, create, recover } from "./apply.js";
import { PUNCTUAL_SHARE } from "./leadership/lease-time.js";
import { epochOf, RULES, Scenario, specOf, TEST_RESULT, TTL_MS, WEIGHTS } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";

const NOW = { monotonicMs: 0, wallMs: 1_000_000 };

/** Returns a study of one trial, whose evaluation is the only thing left to do. */
function unevaluated(): Scenario {
  const scenario = new Scenario(specOf({ maxTrials: 1 }));
  scenario.complete(0.9);
  scenario.select("0");
  return scenario;
}

describe("the path of a study", () => {
  it("asks for suggestions until every live trainer has a trial", () => {
    const scenario = new Scenario(specOf(), 2);
    assert.deepEqual(scenario.takeEffects(), [
      { type: "check-test-data" },
      { type: "request-suggestions", trialNumber: 0, basis: 1, count: 2 },
    ]);
    scenario.suggest();
    assert.deepEqual(scenario.takeEffects(), [
      { type: "publish-assignment", trialId: "0", attempt: 1 },
      { type: "request-suggestions", trialNumber: 1, basis: 2, count: 1 },
    ]);
    scenario.suggest();
    assert.deepEqual(scenario.takeEffects(), [{ type: "publish-assignment", trialId: "1", attempt: 1 }]);
  });

  it("queues the trials of one request together, and publishes their assignments", () => {
    const scenario = new Scenario(specOf(), 3);
    scenario.takeEffects();
    const suggestions = [0.02, 0.05].map((stddev) => ({ values: { stddev }, source: "random" }) as const);
    scenario.submit({ type: "suggestions-ready", trialNumber: 0, basis: 1, suggestions });
    assert.deepEqual(
      scenario.study.trials.map(({ id, state, values }) => [id, state, values]),
      suggestions.map(({ values }, number) => [`${number}`, "queued", values]),
    );
    assert.deepEqual(scenario.takeEffects(), [
      { type: "publish-assignment", trialId: "0", attempt: 1 },
      { type: "publish-assignment", trialId: "1", attempt: 1 },
      { type: "request-suggestions", trialNumber: 2, basis: 3, count: 1 },
    ]);
  });

  it("asks at once for no more trials than the budget has left, trainers are free, and share a record", () => {
    const counts = [
      [2, 9],
      [99, 3],
      [999, 999],
    ].map(([maxTrials = 0, trainers = 0]) => {
      const [request] = new Scenario(specOf({ maxTrials }), trainers).takeEffects().slice(-1);
      return request?.type === "request-suggestions" ? request.count : undefined;
    });
    assert.deepEqual(counts, [2, 3, 128]);
  });

  it("queues one trial even if no trainer is alive", () => {
    const scenario = new Scenario(specOf(), 0);
    scenario.suggest();
    scenario.takeEffects();
    scenario.tick(0);
    assert.deepEqual(scenario.takeEffects(), []);
  });

  it("keeps the specified number of trials outstanding, whatever the number of live trainers", () => {
    const scenario = new Scenario(specOf({ parallelTrials: 2 }), 9);
    scenario.suggest();
    scenario.suggest();
    scenario.takeEffects();
    scenario.tick(9);
    assert.deepEqual(scenario.takeEffects(), []);
  });

  it("records the basis of a suggestion, even if further events happened after the request", () => {
    const scenario = new Scenario(specOf({ parallelTrials: 2 }));
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.9));
    const suggestion = { values: { stddev: 0.02 }, source: "random" } as const;
    scenario.submit({ type: "suggestions-ready", trialNumber: 1, basis: 2, suggestions: [suggestion] });
    assert.deepEqual(
      scenario.events.map((event) => (event.type === "trial-queued" ? event.basis : event.type)),
      ["study-created", 1, "lease-granted", "epoch-reported", 2],
    );
  });

  it("asks for the next suggestion only after the result of the trial before", () => {
    const scenario = new Scenario();
    const trial = scenario.suggest();
    const lease = scenario.lease(trial);
    scenario.report(lease, epochOf(0, 0.9));
    scenario.takeEffects();
    scenario.tick(1);
    assert.deepEqual(scenario.takeEffects(), []);
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    // Created, queued, leased, an epoch, completed.
    assert.deepEqual(scenario.takeEffects(), [{ type: "request-suggestions", trialNumber: 1, basis: 5, count: 1 }]);
  });

  it("asks for the best trial once the budget is spent, evaluates it, and ends with its result", () => {
    const scenario = new Scenario();
    for (const value of [0.9, 0.95, 0.95]) scenario.complete(value);
    assert.equal(scenario.study.status, "finalizing");
    assert.deepEqual(scenario.takeEffects().at(-1), { type: "select-best" });
    scenario.select("1");
    assert.equal(scenario.study.bestTrialId, "1");
    assert.deepEqual(scenario.takeEffects().at(-1), { type: "evaluate-best", trialId: "1", weights: WEIGHTS });
    scenario.submit({ type: "best-evaluated", trialId: "1", test: TEST_RESULT, models: [WEIGHTS] });
    assert.equal(scenario.study.status, "completed");
    assert.deepEqual(scenario.study.test, TEST_RESULT);
  });

  it("keeps the first evaluation when a second one arrives", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    scenario.complete(0.9);
    scenario.select("0");
    scenario.submit({ type: "best-evaluated", trialId: "0", test: TEST_RESULT, models: [] });
    scenario.submit({ type: "best-evaluated", trialId: "0", test: { ...TEST_RESULT, accuracy: 1 }, models: [] });
    assert.deepEqual(scenario.study.test, TEST_RESULT);
  });

  it("computes the objective as the mean over the best epochs of the executions", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1, executionsPerTrial: 2 }));
    const lease = scenario.lease(scenario.suggest());
    const reports = [epochOf(0, 0.5), epochOf(1, 0.8), epochOf(2, 0.7), epochOf(0, 0.6, 1)];
    for (const measurement of reports) assert.equal(scenario.report(lease, measurement).kind, "continue");
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.equal(scenario.trial(0).objective, (0.8 + 0.6) / 2);
    assert.deepEqual(scenario.trial(0).objectives, [0.8, 0.6]);
  });
});

describe("assignments", () => {
  it("publishes an unaccepted assignment again after a delay, and then again after another", () => {
    const scenario = new Scenario();
    scenario.suggest();
    scenario.takeEffects();
    const offer = { type: "publish-assignment", trialId: "0", attempt: 1 };
    for (const [waitMs, offers] of [
      [RULES.republishAfterMs - 1, []],
      [1, [offer]],
      [1, []],
      [RULES.republishAfterMs, [offer]],
    ] as const) {
      scenario.monotonicMs += waitMs;
      scenario.tick(1);
      assert.deepEqual(scenario.takeEffects(), offers);
    }
    scenario.lease(scenario.trial(0));
    scenario.monotonicMs += 1;
    scenario.submit({
      type: "heartbeat",
      lease: { studyId: scenario.study.id, trialId: scenario.trial(0).id, attempt: 1, token: 1 },
    });
    scenario.tick(1);
    assert.deepEqual(scenario.takeEffects(), [], "a leased trial is not offered");
  });
});

describe("leases", () => {
  it("are renewed by their holder alone", () => {
    const scenario = new Scenario();
    const lease = scenario.lease(scenario.suggest(), "trainer-1");
    const beat = (trainerId?: string) => scenario.submit({ type: "heartbeat", lease, trainerId });
    scenario.monotonicMs = TTL_MS - 1;
    assert.deepEqual(beat("trainer-2"), { kind: "lease-lost" });
    assert.deepEqual(beat("trainer-1"), { kind: "continue" });
    assert.deepEqual(beat(), { kind: "continue" });
  });

  it("refuses a measurement under an expired lease token", () => {
    const scenario = new Scenario();
    const old = scenario.lease(scenario.suggest());
    scenario.report(old, epochOf(0, 0.9));
    scenario.monotonicMs += TTL_MS;
    scenario.tick(1);
    assert.deepEqual(scenario.report(old, epochOf(1, 0.99)), { kind: "lease-lost" });
    assert.equal(scenario.trial(0).state, "queued");
    assert.equal(scenario.trial(0).attempt, 2);
    const renewed = scenario.lease(scenario.trial(0), "trainer-2");
    assert.ok(renewed.token > old.token, "a later lease has a larger token");
    assert.deepEqual(scenario.report(old, epochOf(0, 0.99)), { kind: "lease-lost" });
    assert.deepEqual(scenario.trial(0).measurements, [], "nothing of the old attempt is left");
  });

  it("keeps a lease whose trainer sends heartbeats", () => {
    const scenario = new Scenario();
    const lease = scenario.lease(scenario.suggest());
    for (let count = 0; count < 5; count++) {
      scenario.monotonicMs += TTL_MS - 1;
      assert.deepEqual(scenario.submit({ type: "heartbeat", lease }), { kind: "continue" });
      scenario.tick(1);
    }
    assert.equal(scenario.trial(0).state, "leased");
  });

  it("grants the same lease again to its holder only", () => {
    const scenario = new Scenario();
    const trial = scenario.suggest();
    const lease = scenario.lease(trial);
    assert.deepEqual(scenario.lease(trial), lease);
    const other = scenario.submit({ type: "acquire-lease", trialId: trial.id, attempt: 1, trainerId: "trainer-2" });
    assert.deepEqual(other, { kind: "refused", reason: "already-leased" });
  });

  it("fails a trial that lost its last attempt, and names the reason", () => {
    const scenario = new Scenario(specOf({ maxAttemptsPerTrial: 2 }));
    scenario.suggest();
    for (let attempt = 1; attempt <= 2; attempt++) {
      scenario.lease(scenario.trial(0));
      scenario.monotonicMs += TTL_MS;
      scenario.tick(1);
    }
    assert.equal(scenario.trial(0).state, "failed");
    assert.equal(
      scenario.trial(0).message,
      "2 attempts were lost without progress. The last: Trainer trainer-1 went silent.",
    );
  });

  it("returns an interrupted trial to the queue at once, under the next attempt", () => {
    const scenario = new Scenario();
    assert.equal(scenario.fail("interrupted").state, "queued");
    assert.deepEqual(scenario.takeEffects().at(-1), { type: "publish-assignment", trialId: "0", attempt: 2 });
  });

  it("gives a lease that was renewed in time enough for the next heartbeats", () => {
    const scenario = new Scenario();
    scenario.lease(scenario.suggest());
    const later = { monotonicMs: 5, wallMs: 9_000_000 };
    const step = recover(scenario.study, later, RULES);
    assert.deepEqual(step.events, []);
    assert.equal(step.state.transient.deadlines.get("0"), 5 + PUNCTUAL_SHARE * TTL_MS);
  });
});

describe("a full store", () => {
  it("starts no new trial, keeps the running one, and ends with a tick", () => {
    const scenario = new Scenario();
    const lease = scenario.lease(scenario.suggest());
    const tick = { type: "tick", capacity: 2, trainerIds: ["trainer-1", "trainer-2"] } as const;
    scenario.takeEffects();
    scenario.submit({ ...tick, storageFault: "no space left on device" });
    assert.deepEqual(scenario.report(lease, epochOf(0, 0.9)), { kind: "continue" });
    assert.deepEqual(scenario.takeEffects(), []);
    scenario.submit(tick);
    assert.deepEqual(
      scenario.takeEffects().map(({ type }) => type),
      ["request-suggestions"],
    );
  });
});

describe("reports", () => {
  it("refuses an epoch beyond the training plan's limit, and records the last one", () => {
    const spec = { ...specOf(), training: { ...(specOf().training as object), maxEpochs: 2 } };
    const limited = new Scenario(spec);
    const lease = limited.lease(limited.suggest());
    for (const epoch of [0, 1]) assert.deepEqual(limited.report(lease, epochOf(epoch, 0.5)), { kind: "continue" });
    const rejection = { code: "EPOCH_BEYOND_LIMIT", execution: 0, epoch: 2, maxEpochs: 2 };
    assert.deepEqual(limited.report(lease, epochOf(2, 0.5)), { kind: "rejected", rejection });
    assert.equal(limited.trial(0).measurements.length, 2);
  });

  it("keeps the mean of objectives finite where their sum is not, and survives a log that has no mean", () => {
    const scenario = new Scenario(specOf({ executionsPerTrial: 2 }));
    const lease = scenario.lease(scenario.suggest());
    for (const execution of [0, 1]) scenario.report(lease, epochOf(0, 1.5e308, execution));
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.equal(scenario.trial(0).objective, 1.5e308);
    const old = scenario.events.map((event) =>
      event.type === "trial-completed" ? { ...event, objective: null } : event,
    );
    assert.equal(evolveAll(undefined, old, 0)?.trials[0]?.objective, 1.5e308);
  });

  it("answers a repeated report like the first, and records the epoch once", () => {
    const scenario = new Scenario();
    const lease = scenario.lease(scenario.suggest());
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(scenario.report(lease, epochOf(0, 0.9)), { kind: "continue" });
    }
    assert.equal(scenario.trial(0).measurements.length, 1);
  });

  it("rejects an epoch after a gap, and an epoch of an execution outside the plan", () => {
    const scenario = new Scenario();
    const lease = scenario.lease(scenario.suggest());
    for (const measurement of [epochOf(1, 0.9), epochOf(0, 0.9, 1)]) {
      const answer = scenario.report(lease, measurement);
      assert.equal(answer.kind === "rejected" && answer.rejection.code, "EPOCH_OUT_OF_ORDER");
    }
    assert.equal(scenario.trial(0).measurements.length, 0);
  });

  it("rejects a report without the objective's metric", () => {
    const scenario = new Scenario();
    const lease = scenario.lease(scenario.suggest());
    const answer = scenario.report(lease, { ...epochOf(0, 0.9), metrics: { loss: 1 } });
    assert.deepEqual(answer, { kind: "rejected", rejection: { code: "OBJECTIVE_MISSING", metric: "val_accuracy" } });
  });

  it("ends a trial as infeasible if a metric is not finite, and continues the study", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const scenario = new Scenario();
      const lease = scenario.lease(scenario.suggest());
      assert.deepEqual(scenario.report(lease, epochOf(0, value)), { kind: "stop" });
      assert.equal(scenario.trial(0).state, "infeasible");
      assert.equal(scenario.study.status, "active");
      assert.equal(scenario.study.consecutiveFailures, 0);
    }
  });

  it("rejects a completion before every execution has a measurement", () => {
    const scenario = new Scenario(specOf({ executionsPerTrial: 2 }));
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.9));
    const answer = scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.deepEqual(answer, { kind: "rejected", rejection: { code: "EXECUTIONS_MISSING", executions: 2 } });
    assert.equal(scenario.trial(0).state, "running");
  });

  it("accepts the repeat of a completion whose answer was lost", () => {
    const scenario = new Scenario();
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.9));
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] }), {
        kind: "continue",
      });
    }
    assert.equal(scenario.events.filter((event) => event.type === "trial-completed").length, 1);
  });
});

describe("the end of a study", () => {
  it("fails after the limit of consecutive failed trials, and cancels outstanding trials", () => {
    const scenario = new Scenario(specOf({ maxTrials: 9, maxConsecutiveFailures: 2, parallelTrials: 3 }));
    scenario.suggest();
    scenario.fail();
    scenario.fail();
    assert.equal(scenario.study.status, "failed");
    assert.equal(scenario.trial(0).state, "cancelled");
    assert.equal(scenario.study.message, "2 trials failed in a row. The last: It broke.");
    assert.deepEqual(scenario.takeEffects().at(-1), { type: "withdraw-assignment", trialId: "0" });
  });

  it("resets the number of consecutive failures when a trial completes", () => {
    const scenario = new Scenario(specOf({ maxTrials: 9, maxConsecutiveFailures: 2 }));
    scenario.fail();
    scenario.complete(0.9);
    scenario.fail();
    assert.equal(scenario.study.status, "active");
  });

  it("fails when the budget is spent and no trial has completed", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    scenario.fail("infeasible");
    assert.equal(scenario.study.status, "failed");
    assert.equal(scenario.study.message, "No trial completed, so there is no best model. The last one: It broke.");
  });

  it("cancels outstanding trials when stopped, stops their trainers, and evaluates the best completed trial", () => {
    const scenario = new Scenario();
    scenario.complete(0.9);
    const lease = scenario.lease(scenario.suggest());
    scenario.submit({ type: "stop-study", reason: "enough" });
    assert.equal(scenario.study.status, "finalizing");
    assert.deepEqual(scenario.report(lease, epochOf(0, 0.99)), { kind: "stop" });
    scenario.select("0");
    scenario.submit({ type: "best-evaluated", trialId: "0", test: TEST_RESULT, models: [] });
    assert.equal(scenario.study.status, "stopped");
    assert.equal(scenario.study.message, "enough");
  });

  it("ends at once without a result if stopped before a trial completes", () => {
    const scenario = new Scenario();
    scenario.submit({ type: "stop-study", reason: "enough" });
    assert.equal(scenario.study.status, "stopped");
    assert.equal(scenario.study.test, undefined);
  });

  it("waits while the best trial cannot be evaluated, and completes once it can", () => {
    const scenario = unevaluated();
    const fault = { type: "evaluation-failed", trialId: "0", message: "t10k-images-idx3-ubyte is missing." } as const;
    scenario.submit(fault);
    scenario.submit(fault);
    assert.deepEqual(scenario.events.at(-1), { type: "evaluation-paused", message: fault.message });
    assert.equal(scenario.events.filter(({ type }) => type === "evaluation-paused").length, 1, "once for each reason");
    assert.equal(scenario.study.status, "finalizing");
    const restarted = recover(scenario.study, scenario.now(), RULES);
    assert.deepEqual(restarted.effects, [{ type: "evaluate-best", trialId: "0", weights: WEIGHTS }]);
    scenario.submit({ type: "best-evaluated", trialId: "0", test: TEST_RESULT, models: [] });
    assert.equal(scenario.study.status, "completed");
    assert.equal(scenario.study.evaluationFault, undefined);
  });

  it("ends without a result on the test split if a person stops the waiting evaluation", () => {
    const scenario = unevaluated();
    scenario.submit({ type: "stop-study", reason: "enough" });
    assert.equal(scenario.study.status, "finalizing", "an evaluation that does not wait goes on");
    scenario.submit({ type: "evaluation-failed", trialId: "0", message: "No data." });
    scenario.submit({ type: "stop-study", reason: "Enough." });
    assert.equal(scenario.study.status, "stopped");
    assert.equal(scenario.study.message, "Enough. The best trial was not evaluated: No data.");
    assert.equal(scenario.trial(0).objective, 0.9);
  });

  it("starts no trial before the test split can be read", () => {
    const created = create({ type: "create-study", studyId: studyIdOf("study"), spec: specOf() }, NOW, RULES);
    assert.deepEqual(created.effects, [{ type: "check-test-data" }]);
    const ticked = apply(created.state, { type: "tick", capacity: 1, trainerIds: ["trainer-1"] }, NOW, RULES);
    const faulty = apply(ticked.state, { type: "test-data-checked", fault: "It is away." }, NOW, RULES);
    assert.deepEqual([...ticked.effects, ...faulty.effects, ...faulty.events], []);
    const mended = apply(faulty.state, { type: "test-data-checked" }, NOW, RULES);
    assert.deepEqual(mended.effects, [{ type: "request-suggestions", trialNumber: 0, basis: 1, count: 1 }]);
  });

  it("fails without a best model, with the reason, if the oracle finds no point at all", () => {
    const scenario = new Scenario(specOf({ maxTrials: 10 }));
    scenario.submit({ type: "suggestions-ready", trialNumber: 0, basis: 1, suggestions: "exhausted" });
    assert.equal(scenario.study.status, "failed");
    assert.equal(
      scenario.study.message,
      "No trial completed, so there is no best model. The oracle random has no point left (after 0 of 10 trials); " +
        "widen the parameters, or choose another oracle.",
    );
  });

  it("finalizes once the oracle is exhausted and no trial is outstanding", () => {
    const scenario = new Scenario(specOf({ maxTrials: 10, parallelTrials: 2 }));
    const lease = scenario.lease(scenario.suggest());
    scenario.submit({ type: "suggestions-ready", trialNumber: 1, basis: 1, suggestions: "exhausted" });
    assert.equal(scenario.study.status, "active");
    scenario.takeEffects();
    scenario.tick(2);
    assert.deepEqual(scenario.takeEffects(), []);
    scenario.report(lease, epochOf(0, 0.9));
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.equal(scenario.study.status, "finalizing");
    assert.equal(
      scenario.study.message,
      "The oracle random has no point left (after 1 of 10 trials); widen the parameters, or choose another oracle. " +
        "A new study keeps these results with --warm-start.",
    );
  });

  it("ignores a late or repeated suggestion", () => {
    const scenario = new Scenario();
    scenario.suggest();
    const suggestion = { values: { stddev: 0.02 }, source: "random" } as const;
    scenario.submit({ type: "suggestions-ready", trialNumber: 0, basis: 1, suggestions: [suggestion] });
    assert.equal(scenario.study.trials.length, 1);
    scenario.submit({ type: "stop-study", reason: "enough" });
    scenario.submit({ type: "suggestions-ready", trialNumber: 1, basis: 1, suggestions: [suggestion] });
    assert.equal(scenario.study.trials.length, 1);
  });
});

describe("replay", () => {
  it("rebuilds the same study byte for byte", () => {
    const scenario = new Scenario();
    scenario.complete(0.9);
    scenario.fail("interrupted");
    scenario.complete(0.8);
    // The scenario's clock stands still, so that all events have the same time.
    const replayed = evolveAll(undefined, scenario.events, scenario.now().wallMs);
    assert.equal(JSON.stringify(replayed), JSON.stringify(scenario.study));
  });

  it("repeats every effect that may not have been carried out", () => {
    const scenario = new Scenario();
    scenario.suggest();
    const queued = recover(scenario.study, scenario.now(), RULES);
    assert.deepEqual(queued.effects, [
      { type: "check-test-data" },
      { type: "publish-assignment", trialId: "0", attempt: 1 },
    ]);
    const finalizing = new Scenario(specOf({ maxTrials: 1 }));
    finalizing.complete(0.9);
    const choosing = recover(finalizing.study, finalizing.now(), RULES);
    assert.deepEqual(choosing.effects, [{ type: "select-best" }]);
    finalizing.select("0");
    const step = recover(finalizing.study, finalizing.now(), RULES);
    assert.deepEqual(step.effects, [{ type: "evaluate-best", trialId: "0", weights: WEIGHTS }]);
    const fresh = new Scenario();
    const resumed = recover(fresh.study, fresh.now(), RULES);
    assert.deepEqual(resumed.effects, [{ type: "check-test-data" }]);
    const checked = apply(resumed.state, { type: "test-data-checked" }, fresh.now(), RULES);
    assert.deepEqual(checked.effects, [], "the first tick tells whether the store is writable");
    const tick = { type: "tick", capacity: 0, trainerIds: [] } as const;
    const begun = apply(checked.state, tick, fresh.now(), RULES);
    assert.deepEqual(begun.effects, [{ type: "request-suggestions", trialNumber: 0, basis: 1, count: 1 }]);
  });
});
