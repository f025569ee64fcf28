import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Engine } from "../engine/contract/engine.js";
import { startEngine } from "../engine/engines.js";
import type { TrialState } from "../trial/trial-state.js";
import { encodeCheckpoint } from "./checkpoint-file.js";
import type { Resumption } from "./resuming-process.fixture.js";
import { type Outcome, PLANS, train } from "./resumption.fixture.js";

const PROGRAM = fileURLToPath(new URL("./resuming-process.fixture.js", import.meta.url));
const TRIAL = "study/00";

describe("a trial that resumes from a checkpoint in another process", () => {
  let engine: Engine;
  let other: ChildProcess;

  before(async () => {
    engine = await startEngine("onnx");
    other = fork(PROGRAM, [], { serialization: "advanced" });
  });
  after(() => void other.kill("SIGKILL"));

  async function resume(question: Resumption): Promise<Outcome> {
    other.send(question);
    const [outcome] = (await once(other, "message", { signal: AbortSignal.timeout(60_000) })) as [Outcome];
    return outcome;
  }

  for (const [name, plan] of Object.entries(PLANS)) {
    test(`ends with the same bytes from every epoch: ${name}`, async () => {
      const states: TrialState[] = [];
      const whole = await train(plan, engine, { onState: (state) => states.push(state) });
      assert.ok(states.length >= plan.seeds.length * 4, `${states.length} epochs are few`);
      for (const [index, state] of states.entries()) {
        const checkpoint = encodeCheckpoint(state, { trial: TRIAL, plan, engine }, 1);
        const resumed = await resume({ plan, trial: TRIAL, checkpoint });
        const epochs = whole.epochs.slice(index + 1);
        assert.deepEqual(resumed, { ...whole, epochs }, `from epoch ${state.epoch} of execution ${state.execution}`);
      }
    });
  }
});
