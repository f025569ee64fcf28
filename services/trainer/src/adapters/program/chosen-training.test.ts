import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { TrainingInput } from "../../ports/training-process.js";
import type { LocalTraining } from "../process/fetched-training.js";
import { ChosenTraining } from "./chosen-training.js";
import { Events, leaseOf, shellPlan } from "./training.fixture.js";

/** A training process that notes its calls and emits what the test says. */
class Scripted implements LocalTraining {
  readonly calls: string[] = [];
  emit: (event: TrainingInput) => void = () => {};
  start(emit: (event: TrainingInput) => void): void {
    this.emit = emit;
    this.calls.push("start");
  }
  train(): void {
    this.calls.push("train");
  }
  resume(): void {
    this.calls.push("resume");
  }
  save(): void {
    this.calls.push("save");
  }
  stop(): void {
    this.calls.push("stop");
  }
  async close(): Promise<void> {
    this.calls.push("close");
  }
}

const NETWORK = leaseOf({ model: {} });
const PROGRAM = leaseOf(shellPlan("true"));
const READY = { type: "engine-ready" } as const;
const DIED = { type: "child-died", detail: "signal SIGKILL" } as const;

describe("the choice of the training process", () => {
  let network: Scripted;
  let program: Scripted;
  let events: Events;
  let training: ChosenTraining;

  function start(allowed: boolean): void {
    network = new Scripted();
    program = new Scripted();
    events = new Events();
    training = new ChosenTraining(network, allowed ? program : undefined);
    training.start(events.emit);
    network.emit(READY);
  }
  beforeEach(() => start(true));

  const types = (): string[] => events.seen.map(({ type }) => type);

  it("gives each trial to the process of its kind", () => {
    training.train(NETWORK, {});
    training.resume();
    training.train(PROGRAM, {});
    training.save();
    training.stop();
    assert.deepEqual(network.calls, ["start", "train", "resume"]);
    assert.deepEqual(program.calls, ["start", "train", "save", "stop"]);
    assert.deepEqual(types(), ["engine-ready"]);
  });

  it("hands a program back where programs are not allowed, with the reason", async () => {
    start(false);
    training.train(PROGRAM, {});
    await events.nextOf("engine-ready");
    const { failure } = await events.nextOf("training-failed");
    assert.equal(failure.kind, "trainer");
    assert.match(failure.message, /runs no programs: its SINTONIA_ALLOW_PROGRAMS is not true/);
    training.train(NETWORK, {});
    assert.deepEqual(network.calls, ["start", "train"]);
  });

  it("does not end a program because the idle network process died, and restarts it when it is needed", () => {
    training.train(PROGRAM, {});
    network.emit(DIED);
    program.emit({ type: "training-failed", failure: { kind: "error", message: "" } });
    assert.deepEqual(types(), ["engine-ready", "training-failed"]);
    training.train(NETWORK, {});
    assert.deepEqual(network.calls, ["start", "start"]);
    network.emit(READY);
    assert.deepEqual(network.calls, ["start", "start", "train"]);
    network.emit(DIED);
    assert.deepEqual(types(), ["engine-ready", "training-failed", "child-died"]);
  });

  it("drops a trial that was stopped before the network process was ready", () => {
    training.train(PROGRAM, {});
    network.emit(DIED);
    training.train(NETWORK, {});
    training.stop();
    network.emit(READY);
    assert.deepEqual(network.calls, ["start", "start"]);
    assert.deepEqual(types(), ["engine-ready", "engine-ready"]);
  });
});
