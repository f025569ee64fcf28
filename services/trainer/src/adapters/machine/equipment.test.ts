import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { measureEquipment, usableMemoryBytes } from "./equipment.js";

const GIB = 2 ** 30;
const CPU = { flavour: undefined, engine: "onnx", allowPrograms: false, devices: undefined } as const;
const LOAD = { utilization: 0, usedBytes: 0 };
const TWO_GPUS = async () => [
  { ...LOAD, gpu: "0", totalBytes: 80 * GIB },
  { ...LOAD, gpu: "1", totalBytes: 40 * GIB },
];

describe("the equipment of a trainer", () => {
  it("has no GPU if the engine trains on the CPU and programs are not allowed", async () => {
    const equipment = await measureEquipment(CPU, TWO_GPUS, 8 * GIB);
    assert.deepEqual(equipment, { gpus: 0, gpuMemoryBytes: 0, memoryBytes: 8 * GIB });
  });

  it("counts the GPUs for programs and for the GPU engine, with the smallest memory", async () => {
    const two = { gpus: 2, gpuMemoryBytes: 40 * GIB, memoryBytes: GIB };
    assert.deepEqual(await measureEquipment({ ...CPU, allowPrograms: true }, TWO_GPUS, GIB), two);
    const gpuEngine = { ...CPU, engine: "tfjs-node-gpu", flavour: "a100" } as const;
    assert.deepEqual(await measureEquipment(gpuEngine, TWO_GPUS, GIB), { flavour: "a100", ...two });
  });

  it("has one GPU where the GPU engine runs and nvidia-smi says nothing, as on a slice of a GPU", async () => {
    const gpuEngine = { ...CPU, engine: "tfjs-node-gpu" } as const;
    assert.equal((await measureEquipment(gpuEngine, async () => [], GIB)).gpus, 1);
  });

  it("asks for the devices of the process alone, and for none if CUDA sees none", async () => {
    const asked: unknown[] = [];
    const read = async (device: string | undefined) => {
      asked.push(device);
      return [];
    };
    for (const devices of ["0,3", "", "-1"]) await measureEquipment({ ...CPU, allowPrograms: true, devices }, read);
    assert.deepEqual(asked, ["0,3"]);
  });

  it("has memory", () => {
    assert.ok(usableMemoryBytes() > 2 ** 26);
  });
});
