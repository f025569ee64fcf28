// A checkpoint file is a safetensors file followed by its SHA-256 of 32 bytes. The safetensors
// file holds the tensors of the state, and all other parts of the state as JSON in its metadata.
//
// Names of tensors begin with their part: weights/dense/kernel, slots/..., kept/..., best/...

import { createHash } from "node:crypto";
import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Engine } from "../engine/contract/engine.js";
import type { NamedTensor } from "../model/tensor.js";
import { ModelFileError } from "../model-file/model-file-error.js";
import { decodeTensorFile, encodeTensorFile, type Metadata } from "../model-file/tensor-file.js";
import type { EpochWeights, TrialState } from "../trial/trial-state.js";

/** A checkpoint that cannot be written or resumed from. The message is one line for the user. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** The owner of a state. A checkpoint of another owner is refused. */
export interface CheckpointOwner {
  /** Name of the trial, unique among all trials with checkpoints. */
  readonly trial: string;
  readonly plan: TrainingPlan | ModulePlan;
  /**
   * The description contains version, device and threads. Training resumes with the same bits only
   * if all are equal.
   */
  readonly engine: Pick<Engine, "name" | "description">;
}

/** Name and version of the format. */
const FORMAT = "sintonia-checkpoint-1";

const DIGEST_BYTES = 32;

/**
 * Largest state that is written, enough for 16 million parameters under Adam. Larger states would
 * block the processes that pass them on; `encodeCheckpoint` refuses them.
 */
const CHECKPOINT_MAX_BYTES = 256 * 2 ** 20;

/**
 * Encodes a state for its owner.
 *
 * @param token - token of the lease under which training reached the state; two leases never write
 * the same bytes
 * @throws {CheckpointError} if the state is larger than 256 MiB
 */
export function encodeCheckpoint(state: TrialState, owner: CheckpointOwner, token: number): Uint8Array {
  const tensors = tensorsOf(state);
  const size = tensors.reduce((sum, { values }) => sum + values.byteLength, 0);
  if (size > CHECKPOINT_MAX_BYTES) {
    throw new CheckpointError(`a checkpoint of ${size} bytes exceeds the limit of ${CHECKPOINT_MAX_BYTES} bytes`);
  }
  const metadata = { ...ownerMetadata(owner), token: String(token), state: JSON.stringify(partsOf(state)) };
  const file = encodeTensorFile(tensors, metadata);
  return Buffer.concat([file, digestOf(file)]);
}

/**
 * Decodes what `encodeCheckpoint` wrote for the same owner.
 *
 * @throws {CheckpointError} if the bytes are incomplete or changed, or belong to another plan,
 * engine, number of threads or trial
 */
export function decodeCheckpoint(bytes: Uint8Array, owner: CheckpointOwner): TrialState {
  const file = bytes.subarray(0, -DIGEST_BYTES);
  if (bytes.length < DIGEST_BYTES || !digestOf(file).equals(bytes.subarray(-DIGEST_BYTES))) {
    throw new CheckpointError(`a checkpoint of ${bytes.length} bytes is damaged: checksum and content differ`);
  }
  const { tensors, metadata } = readTensors(file);
  checkOwner(metadata, owner);
  // Not validated further: checksum and format guarantee that `encodeCheckpoint` wrote this JSON.
  return stateOf(JSON.parse(metadata["state"] as string) as StateParts, tensors);
}

function readTensors(file: Uint8Array): ReturnType<typeof decodeTensorFile> {
  try {
    return decodeTensorFile(file);
  } catch (cause) {
    if (!(cause instanceof ModelFileError)) throw cause;
    throw new CheckpointError(`a checkpoint cannot be read: ${cause.message}`, { cause });
  }
}

function ownerMetadata({ trial, plan, engine }: CheckpointOwner): Metadata {
  return {
    format: FORMAT,
    trial,
    engine: `${engine.name} (${engine.description})`,
    plan: digestOf(Buffer.from(JSON.stringify(plan))).toString("hex"),
  };
}

function checkOwner(metadata: Metadata, owner: CheckpointOwner): void {
  for (const [what, wanted] of Object.entries(ownerMetadata(owner))) {
    const found = metadata[what] ?? "none";
    if (found !== wanted) throw new CheckpointError(`the checkpoint has ${what} ${found}, expected ${wanted}`);
  }
}

/** A state without its tensors. */
interface StateParts {
  readonly execution: number;
  readonly epoch: number;
  readonly steps: number;
  readonly callbacks: TrialState["callbacks"];
  readonly keptEpochs: readonly number[];
  readonly kept: Omit<EpochWeights, "weights">;
  readonly best?: Omit<EpochWeights, "weights">;
}

function partsOf({ execution, epoch, session, callbacks, keptEpochs, kept, best }: TrialState): StateParts {
  return {
    execution,
    epoch,
    steps: session.steps,
    callbacks,
    keptEpochs,
    kept: withoutWeights(kept),
    ...(best === undefined ? {} : { best: withoutWeights(best) }),
  };
}

function withoutWeights({ execution, epoch, value }: EpochWeights): Omit<EpochWeights, "weights"> {
  return { execution, epoch, value };
}

function tensorsOf({ session, kept, best }: TrialState): NamedTensor[] {
  const part = (name: string, tensors: readonly NamedTensor[]) =>
    tensors.map((tensor) => ({ ...tensor, name: `${name}/${tensor.name}` }));
  return [
    ...part("weights", session.weights),
    ...part("slots", session.slots),
    ...part("kept", kept.weights),
    ...part("best", best?.weights ?? []),
  ];
}

function stateOf(parts: StateParts, tensors: readonly NamedTensor[]): TrialState {
  const { steps, kept, best, ...rest } = parts;
  const part = (name: string) =>
    tensors
      .filter((tensor) => tensor.name.startsWith(`${name}/`))
      .map((tensor) => ({ ...tensor, name: tensor.name.slice(name.length + 1) }));
  return {
    ...rest,
    session: { steps, weights: part("weights"), slots: part("slots") },
    kept: { ...kept, weights: part("kept") },
    ...(best === undefined ? {} : { best: { ...best, weights: part("best") } }),
  };
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
