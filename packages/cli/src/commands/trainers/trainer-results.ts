import type { Cordon, LiveTrainer } from "@sintonia/proto/sintonia/v1/admin";
import type { Equipment } from "@sintonia/proto/sintonia/v1/study";

/** A trainer in the document of `trainers --json`. Field names are part of the command line. */
export interface TrainerResults {
  readonly id: string;
  /** Null if the trainer does not say. */
  readonly engine: string | null;
  /** First sign of life that the coordinator got, in ISO 8601, UTC. */
  readonly since: string | null;
  /** Last sign of life, in ISO 8601, UTC. */
  readonly lastSeen: string | null;
  /** Trials whose leases it holds. */
  readonly trials: readonly {
    readonly study: string;
    readonly trial: string;
    readonly attempt: number;
    /** Last reported epoch; null before the first report. */
    readonly epoch: { readonly execution: number; readonly epoch: number } | null;
  }[];
  /** Studies that have set it aside. */
  readonly setAsideBy: readonly {
    readonly study: string;
    readonly trial: string;
    readonly reason: string;
    readonly since: string | null;
  }[];
  /** The order of a person that it gets no further trial; null if there is none. */
  readonly cordon: CordonResults | null;
  /** What the trainer has; null if it does not say. */
  readonly equipment: EquipmentResults | null;
}

/** What a trainer has, in a document. */
export interface EquipmentResults {
  /** Null if the trainer has none. */
  readonly flavour: string | null;
  readonly gpus: number;
  /** Memory of the smallest of these GPUs; null if unknown. */
  readonly gpuMemoryBytes: number | null;
  /** Memory of the machine or limit of the container; null if unknown. */
  readonly memoryBytes: number | null;
}

/** A cordon in a document. */
export interface CordonResults {
  readonly reason: string;
  readonly since: string | null;
  /** True if the trainer also hands its trial back. */
  readonly drains: boolean;
}

/** Returns a cordon as a document. */
export function cordonResults(cordon: Cordon | undefined): CordonResults | null {
  if (cordon === undefined) return null;
  const { reason, since, drains } = cordon;
  return { reason, since: since?.toISOString() ?? null, drains };
}

/** Returns a trainer as a document. */
export function trainerResults({
  id,
  engine,
  since,
  lastSeen,
  trials,
  setAsideBy,
  cordon,
  equipment,
}: LiveTrainer): TrainerResults {
  return {
    id,
    engine: engine || null,
    since: since?.toISOString() ?? null,
    lastSeen: lastSeen?.toISOString() ?? null,
    trials: trials.map(({ studyId: study, trialId: trial, attempt, epoch, execution }) => {
      return { study, trial, attempt, epoch: epoch === undefined ? null : { execution, epoch } };
    }),
    setAsideBy: setAsideBy.map(({ studyId: study, trialId: trial, reason, since }) => {
      return { study, trial, reason, since: since?.toISOString() ?? null };
    }),
    cordon: cordonResults(cordon),
    equipment: equipment === undefined ? null : equipmentResults(equipment),
  };
}

function equipmentResults({ flavour, gpus, gpuMemoryBytes, memoryBytes }: Equipment): EquipmentResults {
  return {
    flavour: flavour || null,
    gpus,
    gpuMemoryBytes: gpuMemoryBytes || null,
    memoryBytes: memoryBytes || null,
  };
}
