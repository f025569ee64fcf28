/** The equipment of a trainer, as the trainer announces it. */
export interface Equipment {
  /** Flavour that a person gave the trainer. @default none */
  readonly flavour?: string;
  /** Number of GPUs that the trainer has. */
  readonly gpus: number;
  /** Memory of the smallest of these GPUs; 0 if unknown. */
  readonly gpuMemoryBytes: number;
  /** Memory of the trainer's machine, or the limit of its container; 0 if unknown. */
  readonly memoryBytes: number;
}

/** The equipment of a trainer that announces none, such as one of an earlier version. */
export const UNKNOWN_EQUIPMENT: Equipment = { gpus: 0, gpuMemoryBytes: 0, memoryBytes: 0 };
