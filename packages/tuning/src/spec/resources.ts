// The resources that a study asks of the trainers of its trials.

/** The resources of a study. Each part is asked only if it is present. */
export interface Resources {
  /** Number of GPUs that a trainer must train on; 0 to 64. @default 0 */
  readonly gpu?: number;
  /** Flavour that a trainer must have, in the form FLAVOUR. */
  readonly flavour?: string;
  /** Memory that a trainer must have, such as "8GiB"; `memoryBytes` reads it. */
  readonly memory?: string;
}

/**
 * The resource class of a study that every trainer may serve, by its subject. No flavour has this
 * name.
 */
export const ANY_CLASS = "any";

/** The resource class of the trainers with a GPU. No flavour has this name. */
export const GPU_CLASS = "gpu";

/** Largest number of GPUs that a study may ask for. */
export const GPUS_MAX = 64;

/** The characters of flavours: a label of Kubernetes and a token of a NATS subject. */
export const FLAVOUR = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** FLAVOUR in words. */
export const FLAVOUR_EXPECTED =
  "1 to 32 lower-case letters, digits and hyphens, with a letter or digit at both ends, other than any and gpu";

/** Tells whether a text is a flavour: of the right characters, and no other resource class. */
export function isFlavour(text: string): boolean {
  return FLAVOUR.test(text) && text !== ANY_CLASS && text !== GPU_CLASS;
}

/** The form of an amount of memory: below 10,000 of a unit, so that the bytes are exact. */
export const MEMORY = /^([1-9]\d{0,3})(MiB|GiB|TiB)$/;

const UNIT_BYTES: Readonly<Record<string, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Returns an amount of memory in bytes; 0 if none is asked for. */
export function memoryBytes(memory: string | undefined): number {
  const [, count = "0", unit = ""] = MEMORY.exec(memory ?? "") ?? [];
  return Number(count) * (UNIT_BYTES[unit] ?? 0);
}

/**
 * Returns the resource class of a study, by which its assignments reach trainers: its flavour, or
 * GPU_CLASS, or ANY_CLASS.
 */
export function resourceClassOf({ gpu = 0, flavour }: Resources = {}): string {
  return flavour ?? (gpu > 0 ? GPU_CLASS : ANY_CLASS);
}

/** Returns the resource classes, apart from ANY_CLASS, whose assignments a trainer may take. */
export function resourceClassesOf({ gpus, flavour }: { readonly gpus: number; readonly flavour?: string }): string[] {
  return [...(flavour === undefined ? [] : [flavour]), ...(gpus > 0 ? [GPU_CLASS] : [])];
}

/** Returns the resources in words, for a person; empty if none are asked for. */
export function resourcesText({ gpu = 0, flavour, memory }: Resources = {}): string {
  const gpus = gpu === 0 ? [] : [gpu === 1 ? "1 GPU" : `${gpu} GPUs`];
  const parts = [...gpus, ...(flavour ? [`flavour ${flavour}`] : []), ...(memory ? [`${memory} of memory`] : [])];
  return parts.join(", ");
}
