import { createHash } from "node:crypto";
import type { Artifact } from "@sintonia/proto/sintonia/v1/study";
import type {
  AcquireLeaseResponse,
  DownloadCheckpointResponse,
  Trainer,
  TrainerServiceDefinition,
  UploadArtifactRequest,
} from "@sintonia/proto/sintonia/v1/trainer";
import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint, StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Directive } from "@sintonia/protocol/directive";
import type { Assignment, LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { Timers } from "@sintonia/runtime/clock";
import { UNCONFIRMED_METADATA } from "@sintonia/runtime/grpc/leader-metadata";
import { OverloadError } from "@sintonia/runtime/grpc/pushback";
import { type Client, ClientError, type Metadata, type Status } from "nice-grpc";
import type { DeadlineOptions } from "nice-grpc-client-middleware-deadline";
import { FAULT_CODES } from "../../core/boundary/fault.js";
import { type Coordinator, CoordinatorFault, type HeartbeatAnswer, type LeaseAnswer } from "../../ports/coordinator.js";
import { EpochReports } from "./epoch-reports.js";
import { faultText } from "./fault-text.js";
import {
  checkpointMessage,
  directiveOf,
  failureFields,
  leaseOf,
  measurementMessage,
  orderOf,
  refusalOf,
  weightsArtifact,
} from "./messages.js";

/** Size limit of an upload's chunk, in bytes. */
const CHUNK_MAX_BYTES = 256 * 1024;

/** A client of the trainer service. */
export type TrainerServiceClient = Client<TrainerServiceDefinition, DeadlineOptions>;

interface ClientOptions {
  readonly timers: Timers;
  /** Address of the coordinator, for a person. */
  readonly address?: string;
}

/** A Coordinator over gRPC for one trainer. The caller closes the connection of the client. */
export class CoordinatorClient implements Coordinator {
  readonly #client: TrainerServiceClient;
  readonly #trainer: Trainer;
  readonly #reports: EpochReports;
  readonly #address: string;

  constructor(client: TrainerServiceClient, trainer: Trainer, { timers, address = "its address" }: ClientOptions) {
    this.#client = client;
    this.#reports = new EpochReports(client, timers);
    this.#trainer = trainer;
    this.#address = address;
  }

  async acquireLease(assignment: Assignment, signal: AbortSignal): Promise<LeaseAnswer> {
    const request = { ...assignment, trainer: this.#trainer };
    return leaseAnswer(await answered(this.#client.acquireLease(request, { signal }), this.#address));
  }

  async heartbeat(lease: LeaseKey | undefined, timeoutMs: number, signal: AbortSignal): Promise<HeartbeatAnswer> {
    const request = { trainer: this.#trainer, lease };
    let isUnconfirmed = false;
    const onTrailer = (trailer: Metadata): void => {
      isUnconfirmed ||= trailer.has(UNCONFIRMED_METADATA);
    };
    try {
      const answer = await this.#client.heartbeat(request, { signal, deadline: timeoutMs, onTrailer });
      return { directive: directiveOf(answer), order: orderOf(answer.order) };
    } catch (error) {
      throw coordinatorFault(error, { isUnconfirmed, address: this.#address });
    }
  }

  async reportEpoch(lease: LeaseKey, measurement: Measurement, signal: AbortSignal): Promise<Directive> {
    const report = { lease: { secret: "", ...lease }, measurement: measurementMessage(measurement) };
    return directiveOf(await answered(this.#reports.send(report, signal)));
  }

  async uploadWeights(lease: LeaseKey, weights: Weights, signal: AbortSignal): Promise<void> {
    const parts = uploadParts(lease, weightsArtifact(weights), weights.bytes);
    await answered(this.#client.uploadArtifact(parts, { signal }));
  }

  async saveCheckpoint(lease: LeaseKey, checkpoint: Checkpoint, signal: AbortSignal): Promise<Directive> {
    const message = checkpointMessage(checkpoint);
    const parts = uploadParts(lease, message.artifact, checkpoint.bytes);
    await answered(this.#client.uploadArtifact(parts, { signal }));
    return directiveOf(await answered(this.#client.saveCheckpoint({ lease, checkpoint: message }, { signal })));
  }

  async downloadCheckpoint(lease: LeaseKey, checkpoint: StoredCheckpoint, signal: AbortSignal): Promise<Uint8Array> {
    const { sha256, sizeBytes } = checkpoint;
    return await answered(
      collect(this.#client.downloadCheckpoint({ lease, sha256 }, { signal }), { sha256, sizeBytes }),
    );
  }

  async resumeTrial(lease: LeaseKey, sha256: string, signal: AbortSignal): Promise<Directive> {
    return directiveOf(await answered(this.#client.resumeTrial({ lease, sha256 }, { signal })));
  }

  async completeTrial(lease: LeaseKey, weights: Weights, signal: AbortSignal): Promise<Directive> {
    this.#reports.end();
    const { keptEpochs, facts } = weights;
    const request = { lease, weights: weightsArtifact(weights), keptEpochs: [...keptEpochs], facts: { ...facts } };
    return directiveOf(await answered(this.#client.completeTrial(request, { signal })));
  }

  async failTrial(lease: LeaseKey, failure: Failure, signal: AbortSignal): Promise<Directive> {
    this.#reports.end();
    return directiveOf(await answered(this.#client.failTrial({ lease, ...failureFields(failure) }, { signal })));
  }
}

function leaseAnswer({ outcome }: AcquireLeaseResponse): LeaseAnswer {
  if (outcome?.$case === "lease") return { kind: "granted", lease: leaseOf(outcome.value) };
  if (outcome?.$case === "refusal") return { kind: "refused", reason: refusalOf(outcome.value) };
  throw new CoordinatorFault("unimplemented", "the response has neither a lease nor a refusal");
}

async function* uploadParts(
  lease: LeaseKey,
  artifact: Artifact,
  bytes: Uint8Array,
): AsyncIterable<UploadArtifactRequest> {
  yield { part: { $case: "header", value: { lease: { secret: "", ...lease }, artifact } } };
  for (let start = 0; start < bytes.length; start += CHUNK_MAX_BYTES) {
    const size = Math.min(CHUNK_MAX_BYTES, bytes.length - start);
    yield { part: { $case: "chunk", value: Buffer.from(bytes.buffer, bytes.byteOffset + start, size) } };
  }
}

/**
 * Collects a download.
 *
 * @throws {CoordinatorFault} if the bytes have another size or checksum
 */
async function collect(
  parts: AsyncIterable<DownloadCheckpointResponse>,
  { sha256, sizeBytes }: { readonly sha256: string; readonly sizeBytes: number },
): Promise<Uint8Array> {
  const bytes = Buffer.alloc(sizeBytes);
  let received = 0;
  for await (const { chunk } of parts) {
    if (received + chunk.length <= sizeBytes) chunk.copy(bytes, received);
    received += chunk.length;
  }
  if (received === sizeBytes && createHash("sha256").update(bytes).digest("hex") === sha256) return bytes;
  throw new CoordinatorFault("data-loss", `checkpoint ${sha256} of ${sizeBytes} bytes was damaged in transit`);
}

/**
 * Awaits a call. Converts its error into a CoordinatorFault.
 *
 * @param address - of the coordinator, for a call that depends on no trial
 */
async function answered<T>(call: Promise<T>, address?: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw coordinatorFault(error, { address });
  }
}

/** Converts the error of a call into a CoordinatorFault. Returns any other error unchanged. */
export function coordinatorFault(
  error: unknown,
  { isUnconfirmed = false, address }: { readonly isUnconfirmed?: boolean; readonly address?: string | undefined } = {},
): unknown {
  if (!(error instanceof ClientError)) return error;
  const isOverload = error instanceof OverloadError;
  return new CoordinatorFault(faultCodeOf(error.code), faultText(error, address), {
    cause: error,
    isUnconfirmed,
    isOverload,
  });
}

/** Returns the fault code of a gRPC status: FAULT_CODES are ordered by status numbers, from 1. */
function faultCodeOf(code: Status): (typeof FAULT_CODES)[number] {
  return FAULT_CODES[code - 1] ?? "unknown";
}
