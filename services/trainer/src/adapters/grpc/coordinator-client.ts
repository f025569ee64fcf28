import type {
  AcquireLeaseResponse,
  Trainer,
  TrainerServiceDefinition,
  UploadArtifactRequest,
} from "@sintonia/proto/sintonia/v1/trainer";
import { type Client, ClientError, type Status } from "nice-grpc";
import type { DeadlineOptions } from "nice-grpc-client-middleware-deadline";
import { FAULT_CODES } from "../../core/fault.js";
import type { Assignment, Directive, Failure, LeaseKey, Measurement, Weights } from "../../core/trial.js";
import { type Coordinator, CoordinatorFault, type LeaseAnswer } from "../../ports/coordinator.js";
import { directiveOf, failureFields, leaseOf, measurementMessage, refusalOf, weightsArtifact } from "./messages.js";

/** Largest chunk that the protocol allows, in bytes. */
const CHUNK_MAX_BYTES = 256 * 1024;

export type TrainerServiceClient = Client<TrainerServiceDefinition, DeadlineOptions>;

/** Speaks to the coordinator over gRPC as one trainer. The owner of the client closes its connection. */
export class CoordinatorClient implements Coordinator {
  readonly #client: TrainerServiceClient;
  readonly #trainer: Trainer;

  constructor(client: TrainerServiceClient, trainer: Trainer) {
    this.#client = client;
    this.#trainer = trainer;
  }

  async acquireLease(assignment: Assignment, signal: AbortSignal): Promise<LeaseAnswer> {
    const request = { ...assignment, trainer: this.#trainer };
    return leaseAnswer(await answered(this.#client.acquireLease(request, { signal })));
  }

  async heartbeat(lease: LeaseKey | undefined, timeoutMs: number, signal: AbortSignal): Promise<Directive> {
    const request = { trainer: this.#trainer, lease };
    return directiveOf(await answered(this.#client.heartbeat(request, { signal, deadline: timeoutMs })));
  }

  async reportEpoch(lease: LeaseKey, measurement: Measurement, signal: AbortSignal): Promise<Directive> {
    const request = { lease, measurement: measurementMessage(measurement) };
    return directiveOf(await answered(this.#client.reportEpoch(request, { signal })));
  }

  async uploadWeights(lease: LeaseKey, weights: Weights, signal: AbortSignal): Promise<void> {
    await answered(this.#client.uploadArtifact(uploadParts(lease, weights), { signal }));
  }

  async completeTrial(lease: LeaseKey, weights: Weights, signal: AbortSignal): Promise<Directive> {
    const request = { lease, weights: weightsArtifact(weights) };
    return directiveOf(await answered(this.#client.completeTrial(request, { signal })));
  }

  async failTrial(lease: LeaseKey, failure: Failure, signal: AbortSignal): Promise<Directive> {
    return directiveOf(await answered(this.#client.failTrial({ lease, ...failureFields(failure) }, { signal })));
  }
}

function leaseAnswer({ outcome }: AcquireLeaseResponse): LeaseAnswer {
  if (outcome?.$case === "lease") return { kind: "granted", lease: leaseOf(outcome.value) };
  if (outcome?.$case === "refusal") return { kind: "refused", reason: refusalOf(outcome.value) };
  throw new CoordinatorFault("unimplemented", "neither a lease nor a refusal");
}

async function* uploadParts(lease: LeaseKey, weights: Weights): AsyncIterable<UploadArtifactRequest> {
  yield { part: { $case: "header", value: { lease, artifact: weightsArtifact(weights) } } };
  const { bytes } = weights;
  for (let start = 0; start < bytes.length; start += CHUNK_MAX_BYTES) {
    const size = Math.min(CHUNK_MAX_BYTES, bytes.length - start);
    yield { part: { $case: "chunk", value: Buffer.from(bytes.buffer, bytes.byteOffset + start, size) } };
  }
}

/** Names the fault of a call in the core's terms. */
async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw new CoordinatorFault(faultCodeOf(error.code), error.details, { cause: error });
  }
}

/** FAULT_CODES stand in the order of the status numbers, from 1. */
function faultCodeOf(code: Status): (typeof FAULT_CODES)[number] {
  return FAULT_CODES[code - 1] ?? "unknown";
}
