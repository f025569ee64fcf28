// A checkpoint as a file: a safetensors file with the state's tensors, its other parts as JSON in the metadata, and after it
// the SHA-256 of all that, 32 bytes.
//
// Tensors are named by their part: weights/dense/kernel, slots/..., kept/..., best/...

import { createHash } from "node:crypto";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Engine } from "../engine/contract/engine.js";
import type { NamedTensor } from "../model/tensor.js";
import { ModelFileError } from "../model-file/model-file-error.js";
import { decodeTensorFile, encodeTensorFile, type Metadata } from "../model-file/tensor-file.js";
import type { EpochWeights, TrialState } from "../trial/trial-state.js";

/** A checkpoint that cannot be written or gone on from. The message is one line for a person. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** What a state belongs to: nothing else may go on from it. */
export interface CheckpointOwner {
  /** Names the trial, uniquely among all that checkpoints are kept of. */
  readonly trial: string;
  readonly plan: TrainingPlan;
  /** Its description tells version, device and threads: only with the same ones training goes on with the same bits. */
  readonly engine: Pick<Engine, "name" | "description">;
}

/** Names the meaning of the file. */
const FORMAT = "sintonia-checkpoint-1";

const DIGEST_BYTES = 32;

/** Of 16 million parameters under Adam. Larger states would hold up the processes that pass them on. */
const CHECKPOINT_MAX_BYTES = 256 * 2 ** 20;

/**
 * Encodes a state.
 *
 * @param token - of the lease under which it was reached: no two leases write the same bytes
 * @throws {CheckpointError} if the state is too large to be kept
 */
export function encodeCheckpoint(state: TrialState, owner: CheckpointOwner, token: number): Uint8Array {
  const tensors = tensorsOf(state);
  const size = tensors.reduce((sum, { values }) => sum + values.byteLength, 0);
  if (size > CHECKPOINT_MAX_BYTES) {
    throw new CheckpointError(`a checkpoint of ${size} bytes is larger than the ${CHECKPOINT_MAX_BYTES} that are kept`);
  }
  const metadata = { ...ownerMetadata(owner), token: String(token), state: JSON.stringify(partsOf(state)) };
  const file = encodeTensorFile(tensors, metadata);
  return Buffer.concat([file, digestOf(file)]);
}

/**
 * Decodes what `encodeCheckpoint` wrote for the same owner.
 *
 * @throws {CheckpointError} if the bytes are cut short, changed, or of another plan, engine, number of threads or trial
 */
export function decodeCheckpoint(bytes: Uint8Array, owner: CheckpointOwner): TrialState {
  const file = bytes.subarray(0, -DIGEST_BYTES);
  if (bytes.length < DIGEST_BYTES || !digestOf(file).equals(bytes.subarray(-DIGEST_BYTES))) {
    throw new CheckpointError(
      `a checkpoint of ${bytes.length} bytes is damaged: its checksum is not that of its content`,
    );
  }
  const { tensors, metadata } = readTensors(file);
  checkOwner(metadata, owner);
  // The checksum and the format's name vouch for the rest.
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
    if (found !== wanted) throw new CheckpointError(`a checkpoint of ${what} ${found} is not one of ${wanted}`);
  }
}

/** All of a state but its tensors. */
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
