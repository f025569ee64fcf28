import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Resources } from "@sintonia/tuning/spec/resources";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { specOf } from "../scenario.fixture.js";
import { asksNothing, demandOf, fits, type Offer, UNKNOWN_OFFER } from "./fit.js";

const GIB = 2 ** 30;
const GPU: Offer = { engine: "tfjs-node-gpu", flavour: "a100", gpus: 1, gpuMemoryBytes: GIB, memoryBytes: 8 * GIB };

const network = (resources: Resources): StudySpec => ({ ...specOf(), resources });
const program = (resources: Resources): StudySpec =>
  ({ ...specOf(), resources, program: { command: ["train"] } }) as unknown as StudySpec;
const isServed = (spec: StudySpec, offer: Offer): boolean => fits(demandOf(spec), offer);

describe("a trainer fits a study", () => {
  it("that asks for nothing, whatever the trainer says of itself", () => {
    for (const spec of [specOf(), network({}), network({ gpu: 0 })]) {
      assert.ok(asksNothing(demandOf(spec)));
      assert.ok(isServed(spec, UNKNOWN_OFFER));
    }
  });

  it("if it has the flavour, all GPUs and all of the memory", () => {
    assert.ok(isServed(network({ gpu: 1, flavour: "a100", memory: "8GiB" }), GPU));
    for (const resources of [{ gpu: 2 }, { flavour: "h100" }, { memory: "9GiB" }, { memory: "1TiB" }]) {
      assert.ok(!isServed(network(resources), GPU), JSON.stringify(resources));
      assert.ok(!isServed(network(resources), UNKNOWN_OFFER), JSON.stringify(resources));
    }
  });

  it("that trains networks on GPUs only with an engine that does", () => {
    const cpu: Offer = { ...GPU, engine: "onnx" };
    assert.ok(!isServed(network({ gpu: 1 }), cpu));
    assert.ok(isServed(program({ gpu: 1 }), cpu), "a program uses the GPU itself");
    assert.ok(isServed(network({ flavour: "a100" }), cpu));
  });
});
