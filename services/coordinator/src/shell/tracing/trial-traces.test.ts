import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { Span } from "@sintonia/runtime/tracing/span";
import { epochOf, Scenario, TTL_MS, WEIGHTS } from "../../core/scenario.fixture.js";
import { contextOf, TrialTraces } from "./trial-traces.js";

let scenario: Scenario;
let spans: Span[];
let traces: TrialTraces;
let seen: number;

beforeEach(() => {
  scenario = new Scenario();
  spans = [];
  traces = new TrialTraces((span) => void spans.push(span));
  seen = 0;
});

/** Gives the traces the events since the last call. */
function observe(): void {
  traces.stored(scenario.study, scenario.events.slice(seen));
  seen = scenario.events.length;
}

/** Returns the only span of a name. */
function only(name: string): Span {
  const found = spans.filter((span) => span.name === name);
  assert.equal(found.length, 1, `spans named ${name}`);
  return found[0] as Span;
}

it("records a completed trial with its question to the oracle and its wait for a trainer", () => {
  const askedMs = scenario.study.changedAt - 250;
  traces.asked(scenario.study, askedMs);
  const trial = scenario.suggest();
  observe();
  const queuedMs = scenario.study.changedAt;
  scenario.monotonicMs += 400;
  scenario.train(trial, 0.5);
  observe();
  const root = only("trial");
  const { traceId, spanId } = contextOf(scenario.study, trial.id);
  assert.deepEqual([root.context.traceId, root.context.spanId, root.parentSpanId], [traceId, spanId, undefined]);
  assert.equal(root.startMs, askedMs);
  assert.equal(root.endMs, scenario.study.changedAt);
  assert.equal(root.attributes?.["sintonia.trial.state"], "completed");
  assert.equal(root.fault, undefined);
  const suggestion = only("suggestion");
  assert.deepEqual([suggestion.startMs, suggestion.endMs], [askedMs, queuedMs]);
  const wait = only("wait for a trainer");
  assert.deepEqual([wait.startMs, wait.endMs], [queuedMs, queuedMs + 400]);
  for (const child of spans.filter((span) => span !== root)) {
    assert.deepEqual([child.context.traceId, child.parentSpanId], [traceId, spanId], child.name);
  }
  assert.equal(new Set(spans.map(({ context }) => context.spanId)).size, spans.length);
});

it("records why a trial was handed over, and each of its waits", () => {
  const trial = scenario.suggest();
  scenario.lease(trial);
  scenario.monotonicMs += 2 * TTL_MS;
  observe();
  scenario.tick();
  observe();
  const requeuedMs = scenario.study.changedAt;
  scenario.monotonicMs += 300;
  scenario.train(scenario.trial(0), 0.5);
  observe();
  const waits = spans.filter(({ name }) => name === "wait for a trainer");
  assert.equal(waits.length, 2);
  assert.deepEqual([waits[1]?.startMs, waits[1]?.endMs], [requeuedMs, requeuedMs + 300]);
  assert.deepEqual(
    only("trial").events?.map(({ name }) => name),
    ["handed over"],
  );
});

it("begins a trial that was queued before with its present attempt", () => {
  const lease = scenario.lease(scenario.suggest());
  seen = scenario.events.length;
  const { startedAt } = scenario.trial(0);
  scenario.monotonicMs += 400;
  scenario.report(lease, epochOf(0, 0.5));
  scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
  observe();
  assert.equal(only("trial").startMs, startedAt);
});

it("marks a failed trial with its reason", () => {
  const failed = scenario.fail();
  observe();
  assert.equal(failed.state, "failed");
  assert.equal(only("trial").fault, failed.message);
});
