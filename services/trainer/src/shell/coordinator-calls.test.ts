import assert from "node:assert/strict";
import { it } from "node:test";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { systemClock, type Timers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import type { Input } from "../core/boundary/input.js";
import { type Coordinator, CoordinatorFault } from "../ports/coordinator.js";
import { CoordinatorCalls } from "./coordinator-calls.js";

const LEASE = { studyId: studyIdOf("study"), trialId: trialIdOf("0"), attempt: 1, token: 1 };
const TOO_LARGE = new CoordinatorFault("resource-exhausted", "The record is too large.");
const OVERLOAD = new CoordinatorFault("resource-exhausted", "Too many calls wait.", { isOverload: true });

const UNKNOWN = new CoordinatorFault("unauthenticated", "The coordinator does not know the bearer token.");
const DENIED = new CoordinatorFault("permission-denied", "gpu-1 may not act as the trainer gpu-2.");
const AWAY = new CoordinatorFault("unavailable", "No connection.");

/** Timers whose time passes at once. */
const timers: Timers = {
  monotonicMs: () => 0,
  random: () => 0,
  after: (_, wake) => {
    queueMicrotask(wake);
    return () => undefined;
  },
};

/** Returns the calls to a coordinator, and the list that receives the inputs of the core. */
function callsTo(coordinator: Partial<Coordinator>, passing = timers) {
  const inputs: Input[] = [];
  const logger = createLogger({ service: "trainer", instance: "test", level: "silent" });
  const emit = (input: Input): void => void inputs.push(input);
  const options = { coordinator: coordinator as Coordinator, clock: systemClock, timers: passing, logger, emit };
  return { calls: new CoordinatorCalls(options), inputs };
}

/** Reports an epoch to a coordinator that fails `count` times. Returns the inputs of the core. */
async function inputsAfter(fault: CoordinatorFault, count: number): Promise<readonly Input[]> {
  const { calls, inputs } = callsTo({});
  let attempts = 0;
  await calls.underLease("report-epoch", LEASE, async () => {
    attempts += 1;
    if (attempts <= count) throw fault;
    return "continue";
  });
  return inputs;
}

it("repeats a call that meets an overload until the coordinator has room", async () => {
  assert.deepEqual(
    (await inputsAfter(OVERLOAD, 1_000)).map(({ type }) => type),
    ["directive-received"],
  );
});

it("gives up a call whose record is too large, and tells the fault", async () => {
  const { token } = LEASE;
  const { code, message } = TOO_LARGE;
  assert.deepEqual(await inputsAfter(TOO_LARGE, 1_000), [
    { type: "call-rejected", token, call: "report-epoch", code, message },
  ]);
});

it("waits up to 15 s between the attempts of an upload, and up to 1 s once the trainer drains", async () => {
  const waits: number[] = [];
  const slow: Timers = {
    ...timers,
    after: (ms, wake) => {
      waits.push(ms);
      return timers.after(ms, wake);
    },
  };
  const { calls } = callsTo({}, slow);
  let attempts = 0;
  await calls.underLease("save-checkpoint", LEASE, async () => {
    attempts += 1;
    if (attempts === 8) calls.hurry();
    if (attempts <= 10) throw AWAY;
    return "continue";
  });
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 1_000, 1_000, 1_000]);
});

it("tells the core of a heartbeat that got no answer, but not of one that met an overload", async () => {
  for (const [fault, expected] of [
    [AWAY, ["heartbeat-lost"]],
    [OVERLOAD, []],
  ] as const) {
    const { calls, inputs } = callsTo({ heartbeat: () => Promise.reject(fault) });
    await calls.heartbeat({ type: "send-heartbeat", lease: LEASE, timeoutMs: 1 });
    assert.deepEqual(
      inputs.map(({ type }) => type),
      expected,
    );
  }
});

it("does not repeat a lease request of a trainer that the coordinator refuses", async () => {
  for (const fault of [UNKNOWN, DENIED]) {
    let count = 0;
    const acquireLease = () => {
      count += 1;
      return Promise.reject(fault);
    };
    const { calls, inputs } = callsTo({ acquireLease });
    await calls.acquireLease(LEASE);
    assert.equal(count, 1);
    assert.deepEqual(
      inputs.map(({ type }) => type),
      ["trainer-refused", "lease-rejected"],
    );
  }
});

it("repeats a call under a lease until the token is mended", async () => {
  assert.deepEqual(
    (await inputsAfter(UNKNOWN, 1_000)).map(({ type }) => type),
    ["directive-received"],
  );
});

it("tells the core whether the coordinator refuses or accepts a trainer without a lease", async () => {
  const refused = callsTo({ heartbeat: () => Promise.reject(UNKNOWN) });
  await refused.calls.heartbeat({ type: "send-heartbeat", timeoutMs: 1 });
  assert.deepEqual(refused.inputs, [{ type: "trainer-refused", message: UNKNOWN.message }]);
  const accepted = callsTo({ heartbeat: async () => ({ directive: "continue", order: "none" }) });
  await accepted.calls.heartbeat({ type: "send-heartbeat", timeoutMs: 1 });
  assert.deepEqual(accepted.inputs, [{ type: "trainer-accepted" }, { type: "order-received", order: "none" }]);
});
