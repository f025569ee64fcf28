import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { Span } from "@sintonia/runtime/tracing/span";
import { trialContext, writeTraceparent } from "@sintonia/runtime/tracing/trace-context";
import { apply } from "../../core/apply.js";
import type { Input } from "../../core/boundary/input.js";
import { readyState, SAMPLE_INPUTS } from "../../core/samples.fixture.js";
import type { State } from "../../core/state/state.js";
import { AttemptTraces } from "./attempt-traces.js";

const TRIAL = trialContext({ studyId: "study", createdAt: 1_000, trialId: "00" });
const ASSIGNED = SAMPLE_INPUTS["assignment-received"];

let spans: Span[];
let traces: AttemptTraces;
let state: State;
let wallMs: number;

beforeEach(() => {
  spans = [];
  wallMs = 5_000;
  state = readyState({ name: "idle" });
  const clock = { monotonicMs: () => wallMs, wallTime: () => new Date(wallMs) };
  traces = new AttemptTraces((span) => void spans.push(span), { clock, trainerId: "trainer-1" });
});

async function deliver(traceparent?: string): Promise<void> {
  const { assignment } = ASSIGNED;
  const delivery = { assignment, accept: async () => {}, giveBack: async () => {} };
  const source = { next: async () => ({ ...delivery, ...(traceparent === undefined ? {} : { traceparent }) }) };
  await traces.following(source).next(new AbortController().signal);
}

/** Applies inputs, one second after another. */
function observe(...inputs: readonly Input[]): void {
  for (const input of inputs) {
    wallMs += 1_000;
    const step = apply(state, input, 10_000);
    state = step.state;
    traces.observe({ input, ...step });
  }
}

it("records an attempt and its training under the trial's span", async () => {
  await deliver(writeTraceparent(TRIAL));
  observe(ASSIGNED);
  const present = traces.present();
  observe(
    SAMPLE_INPUTS["lease-granted"],
    SAMPLE_INPUTS["epoch-trained"],
    SAMPLE_INPUTS["report-epoch continue"],
    SAMPLE_INPUTS["training-completed"],
    SAMPLE_INPUTS["upload-weights continue"],
    SAMPLE_INPUTS["complete-trial continue"],
  );
  const [training, attempt] = spans;
  assert.deepEqual(
    spans.map(({ name }) => name),
    ["training", "attempt"],
  );
  assert.deepEqual(attempt?.context, present);
  assert.deepEqual([attempt?.context.traceId, attempt?.parentSpanId], [TRIAL.traceId, TRIAL.spanId]);
  assert.deepEqual([attempt?.startMs, attempt?.endMs], [6_000, 12_000]);
  assert.equal(attempt?.attributes?.["sintonia.attempt.end"], "completed");
  assert.deepEqual(
    attempt?.events?.map(({ name }) => name),
    ["lease granted", "epoch"],
  );
  assert.deepEqual([training?.parentSpanId, training?.startMs, training?.endMs], [present?.spanId, 7_000, 10_000]);
  assert.equal(training?.attributes?.["sintonia.epochs"], 1);
  assert.equal(traces.present(), undefined);
});

it("records an attempt without a lease, and why it got none", async () => {
  await deliver(writeTraceparent(TRIAL));
  observe(ASSIGNED, SAMPLE_INPUTS["lease-refused"]);
  assert.equal(spans.length, 1);
  assert.equal(spans[0]?.fault, SAMPLE_INPUTS["lease-refused"].reason);
});

it("records nothing of a trial whose assignment has no context or a wrong one", async () => {
  for (const traceparent of [undefined, "00-nonsense"]) {
    await deliver(traceparent);
    observe(ASSIGNED, SAMPLE_INPUTS["lease-refused"]);
  }
  assert.deepEqual(spans, []);
});
