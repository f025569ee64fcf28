import assert from "node:assert/strict";
import { test } from "node:test";
import type { Resources } from "@sintonia/tuning/spec/resources";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { requireResources } from "./own-resources.js";

const OWN = { engine: "onnx", flavour: "", memoryBytes: 2 ** 34 };

const specOf = (resources?: Resources, program?: object): StudySpec =>
  ({ name: "example", ...(resources && { resources }), ...(program && { program }) }) as unknown as StudySpec;

test("a run is refused whose trainers lack the resources of its study, with the way out", () => {
  for (const [resources, message] of [
    [{ gpu: 1 }, /^example: resources\.gpu asks for a GPU, and engine onnx trains on the CPU; add --engine/],
    [{ flavour: "a100" }, /asks for a100, and the trainers of this run have no flavour; set SINTONIA_FLAVOUR=a100 /],
    [{ memory: "1TiB" }, /asks for 1TiB, and this machine has 16384MiB; ask for less/],
  ] as const) {
    assert.throws(() => requireResources(specOf(resources), OWN), { name: "UserError", message });
  }
});

test("a run is not refused whose trainers may have what its study asks for", () => {
  requireResources(specOf(), OWN);
  requireResources(specOf({ gpu: 0, memory: "16GiB" }), OWN);
  requireResources(specOf({ gpu: 1 }), { ...OWN, engine: "tfjs-node-gpu" });
  requireResources(specOf({ gpu: 1 }, { command: ["train"] }), OWN);
  requireResources(specOf({ flavour: "a100" }), { ...OWN, flavour: "a100" });
});
