import type { Artifact as ArtifactMessage } from "@sintonia/proto/sintonia/v1/study";
import type { ArtifactHeader, UploadArtifactRequest } from "@sintonia/proto/sintonia/v1/trainer";
import type { Caller } from "@sintonia/protocol/caller";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { TRANSFER_IDLE_MS, withIdleLimit } from "@sintonia/runtime/grpc/idle-limit";
import type { ServerError } from "nice-grpc-common";
import type { Artifact } from "../../../core/state/study.js";
import type { ArtifactStore } from "../../../ports/artifact-store.js";
import type { CheckpointStore } from "../../../ports/checkpoint-store.js";
import { permits, type RuleContext } from "../edge/call-rules.js";
import { requireArtifact } from "../edge/fields.js";
import { ownLease } from "../edge/own-lease.js";
import { clientLeft, invalidStream, statusError, transferTimedOut } from "../edge/status.js";
import type { UploadQuota } from "./upload-quota.js";

/** The stores that receive uploads. */
interface UploadContext extends RuleContext {
  readonly artifacts: ArtifactStore;
  readonly checkpoints: CheckpointStore;
  readonly uploads: UploadQuota;
}

/**
 * Time limit of an upload in milliseconds: twice that of this repository's clients. A trickle of
 * bytes would otherwise hold a file open for ever.
 */
const UPLOAD_MAX_MS = 600_000;

const NO_HEADER = "An upload begins with a header that names the artifact.";

/** Who uploads. */
interface Uploader {
  readonly caller: Caller;
  /** Aborted when the client has left. */
  readonly signal: AbortSignal;
  /** Time without a message after which the upload counts as broken, in milliseconds. */
  readonly idleMs?: number;
}

/** Stores an upload of a lease's holder under its checksum. */
export async function receiveArtifact(
  context: UploadContext,
  parts: AsyncIterable<UploadArtifactRequest>,
  { caller, signal, idleMs = TRANSFER_IDLE_MS }: Uploader,
): Promise<ArtifactMessage> {
  const messages = withIdleLimit(parts, idleMs, () => standstill(idleMs));
  try {
    const first = await messages.next();
    const header = first.done === true ? undefined : headerOf(first.value);
    if (header?.artifact === undefined) throw invalidStream(NO_HEADER);
    const artifact = requireArtifact(header.artifact, "header.artifact");
    const lease = ownLease(context.coordinator, caller, header.lease);
    await permits(context, "uploadArtifact", lease, artifact.kind === "weights" ? artifact : undefined);
    await context.uploads.during(lease, artifact.sha256, () =>
      store(context, chunksOf(messages, signal), artifact, lease),
    );
    return header.artifact;
  } catch (error) {
    throw statusError(error);
  } finally {
    await messages.return(undefined);
  }
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

async function* chunksOf(parts: AsyncIterable<UploadArtifactRequest>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const endMs = performance.now() + UPLOAD_MAX_MS;
  for await (const { part } of parts) {
    if (performance.now() > endMs) throw tooSlow();
    if (part?.$case !== "chunk") throw invalidStream("An upload has only chunks after its header.");
    yield part.value;
  }
  if (signal.aborted) throw clientLeft("upload");
}

function standstill(idleMs: number): ServerError {
  return transferTimedOut(`No part of the upload arrived for ${idleMs / 1000} s.`);
}

function tooSlow(): ServerError {
  return transferTimedOut(`The upload took more than ${UPLOAD_MAX_MS / 1000} s.`);
}
