import { type Artifact, ArtifactKind } from "@sintonia/proto/sintonia/v1/study";
import type { ArtifactHeader, LeaseKey, UploadArtifactRequest } from "@sintonia/proto/sintonia/v1/trainer";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { Coordinator } from "../../shell/coordinator.js";
import { requireValidLease } from "./checkpoint-transfer.js";
import { invalidArgument, statusError } from "./status.js";

/**
 * Size limit of an artifact: a model of 256 million float32 weights. Larger uploads are refused.
 */
const ARTIFACT_MAX_BYTES = 2 ** 30;
const SHA256 = /^[0-9a-f]{64}$/;

/** The stores that receive uploads. */
interface UploadContext {
  readonly coordinator: Coordinator;
  readonly artifacts: ArtifactStore;
  readonly checkpoints: ArtifactStore;
}

/**
 * Stores an upload under its checksum. Weights need no valid lease, since no trial refers to those
 * of a lost lease. Checkpoints are large, so only the holder of the lease may upload them.
 */
export async function receiveArtifact(
  context: UploadContext,
  parts: AsyncIterable<UploadArtifactRequest>,
): Promise<Artifact> {
  const iterator = parts[Symbol.asyncIterator]();
  const first = await iterator.next();
  const { artifact, lease } = (first.done === true ? undefined : headerOf(first.value)) ?? {};
  if (artifact === undefined) throw invalidArgument("An upload begins with a header that names the artifact.");
  const store = storeFor(context, artifact, lease);
  const { sha256, sizeBytes } = artifact;
  if (!SHA256.test(sha256)) throw invalidArgument("sha256 must be 64 lower-case hexadecimal digits.");
  if (sizeBytes > ARTIFACT_MAX_BYTES) throw invalidArgument(`An artifact has at most ${ARTIFACT_MAX_BYTES} bytes.`);
  try {
    await store.put(chunksOf({ [Symbol.asyncIterator]: () => iterator }), { sha256, sizeBytes });
  } catch (error) {
    throw statusError(error);
  }
  return artifact;
}

function storeFor(context: UploadContext, { kind }: Artifact, lease: LeaseKey | undefined): ArtifactStore {
  if (kind !== ArtifactKind.CHECKPOINT) return context.artifacts;
  if (lease === undefined) throw invalidArgument("lease is missing.");
  requireValidLease(context.coordinator, lease);
  return context.checkpoints;
}

function headerOf({ part }: UploadArtifactRequest): ArtifactHeader | undefined {
  return part?.$case === "header" ? part.value : undefined;
}

async function* chunksOf(parts: AsyncIterable<UploadArtifactRequest>): AsyncGenerator<Uint8Array> {
  for await (const { part } of parts) {
    if (part?.$case !== "chunk") throw invalidArgument("An upload has only chunks after its header.");
    yield part.value;
  }
}
