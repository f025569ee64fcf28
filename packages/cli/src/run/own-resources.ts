// The resources of a study that runs on this machine alone: its trainers are all alike, and no
// other trainer can come.

import { memoryBytes } from "@sintonia/tuning/spec/resources";
import { isProgramStudy, type StudySpec } from "@sintonia/tuning/spec/study-spec";
import { UsageError } from "../system/usage-error.js";

/** What the trainers of a run have. */
export interface OwnEquipment {
  readonly engine: string;
  /** Empty for none. */
  readonly flavour: string;
  /** Memory of this machine. */
  readonly memoryBytes: number;
}

/**
 * Refuses a study that asks for resources which the trainers of a run lack for certain.
 *
 * @throws {UsageError} with the way out
 */
export function requireResources(spec: StudySpec, own: OwnEquipment): void {
  const lack = lacking(spec, own);
  if (lack === undefined) return;
  const { name, resources = {} } = spec;
  throw new UsageError(`${name}: ${lack}`, { code: "RESOURCES_LACKING", facts: { ...resources, ...own } });
}

function lacking(spec: StudySpec, { engine, flavour, memoryBytes: own }: OwnEquipment): string | undefined {
  const { gpu = 0, flavour: asked, memory } = spec.resources ?? {};
  if (gpu > 0 && !isProgramStudy(spec) && engine !== "tfjs-node-gpu") {
    const advice = "add --engine tfjs-node-gpu on a machine with a GPU, or take resources.gpu out of the spec";
    return `resources.gpu asks for a GPU, and engine ${engine} trains on the CPU; ${advice}`;
  }
  if (asked !== undefined && asked !== flavour) {
    const has = flavour === "" ? "have no flavour" : `have the flavour ${flavour}`;
    const advice = `set SINTONIA_FLAVOUR=${asked} if this machine is one, or create the study on your installation`;
    return `resources.flavour asks for ${asked}, and the trainers of this run ${has}; ${advice}`;
  }
  if (memoryBytes(memory) > own) {
    const has = `${Math.floor(own / 2 ** 20)}MiB`;
    return `resources.memory asks for ${memory}, and this machine has ${has}; ask for less, or use a larger machine`;
  }
  return undefined;
}
