import type { Artifact as ArtifactMessage } from "@sintonia/proto/sintonia/v1/study";
import type { ArtifactHeader, UploadArtifactRequest } from "@sintonia/proto/sintonia/v1/trainer";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Artifact } from "../../../core/state/study.js";
import type { ArtifactStore } from "../../../ports/artifact-store.js";
import type { CheckpointStore } from "../../../ports/checkpoint-store.js";
import { permits, type RuleContext } from "../edge/call-rules.js";
import { requireArtifact, requireLease } from "../edge/fields.js";
import { invalidArgument, statusError } from "../edge/status.js";

/** The stores that receive uploads. */
interface UploadContext extends RuleContext {
  readonly artifacts: ArtifactStore;
  readonly checkpoints: CheckpointStore;
}

/** Stores an upload of a lease's holder under its checksum. */
export async function receiveArtifact(
  context: UploadContext,
  parts: AsyncIterable<UploadArtifactRequest>,
): Promise<ArtifactMessage> {
  const iterator = parts[Symbol.asyncIterator]();
  const first = await iterator.next();
  const header = first.done === true ? undefined : headerOf(first.value);
  if (header?.artifact === undefined) throw invalidArgument("An upload begins with a header that names the artifact.");
  const artifact = requireArtifact(header.artifact, "header.artifact");
  const lease = requireLease(header.lease);
  await permits(context, "uploadArtifact", lease, artifact.kind === "weights" ? artifact : undefined);
  try {
    await store(context, chunksOf({ [Symbol.asyncIterator]: () => iterator }), artifact, lease);
  } catch (error) {
    throw statusError(error);
  }
  return header.artifact;
}

async function store(
  { artifacts, checkpoints }: UploadContext,
  chunks: AsyncIterable<Uint8Array>,
  { kind, ...key }: Artifact,
  { studyId, trialId }: LeaseKey,
): Promise<void> {
  if (kind === "checkpoint") await checkpoints.put(chunks, key, { studyId, trialId });
  else await artifacts.put(chunks, key);
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
