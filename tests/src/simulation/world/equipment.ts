// The equipment of the simulated trainers, and the check that a lease goes to a trainer that fits.

import assert from "node:assert/strict";
import type { Equipment } from "@sintonia/protocol/equipment";
import type { Resources } from "@sintonia/tuning/spec/resources";

const GIB = 2 ** 30;

/** What a trainer has. */
interface SimulatedEquipment extends Equipment {
  readonly engine: string;
}

/** By number of the trainer. The first fits every study, so that every study can end. */
const EQUIPMENT: readonly SimulatedEquipment[] = [
  { engine: "tfjs-node-gpu", flavour: "large", gpus: 1, gpuMemoryBytes: 40 * GIB, memoryBytes: 64 * GIB },
  { engine: "onnx", flavour: "small", gpus: 0, gpuMemoryBytes: 0, memoryBytes: 8 * GIB },
  { engine: "onnx", gpus: 0, gpuMemoryBytes: 0, memoryBytes: 16 * GIB },
  { engine: "tfjs-node-gpu", flavour: "large", gpus: 1, gpuMemoryBytes: 40 * GIB, memoryBytes: 8 * GIB },
];

/** Resources that the first trainer has, and others lack. */
const RESOURCES: readonly Resources[] = [
  { gpu: 1 },
  { flavour: "large" },
  { memory: "32GiB" },
  { gpu: 1, memory: "12GiB" },
];

/** Returns what a trainer has, by its id: trainer-2.0 is the first process of number 2. */
export function equipmentOf(trainerId: string): SimulatedEquipment {
  const number = Number(/^trainer-(\d+)\./.exec(trainerId)?.[1]);
  const equipment = EQUIPMENT[number];
  assert.ok(equipment, `no trainer has the id ${trainerId}`);
  return equipment;
}

/** Returns the resources that a study of this seed's run asks for, if any. */
export function resourcesOf(seed: number): { readonly resources?: Resources } {
  const resources = RESOURCES[Math.floor(seed / 7) % RESOURCES.length];
  return seed % 7 === 6 && resources !== undefined ? { resources } : {};
}

/** Checks that a trainer has what a study asks for. Memory is whole GiB here. */
export function checkFit(trainerId: string, { gpu = 0, flavour, memory = "0GiB" }: Resources = {}): void {
  const has = equipmentOf(trainerId);
  assert.ok(gpu <= has.gpus, `${trainerId} gets a trial that asks for ${gpu} GPUs`);
  assert.ok(flavour === undefined || flavour === has.flavour, `${trainerId} gets a trial of the flavour ${flavour}`);
  assert.ok(Number.parseInt(memory, 10) * GIB <= has.memoryBytes, `${trainerId} gets a trial that asks for ${memory}`);
}
