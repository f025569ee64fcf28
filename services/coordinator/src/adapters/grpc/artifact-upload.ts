import type { Artifact } from "@sintonia/proto/sintonia/v1/study";
import type { UploadArtifactRequest } from "@sintonia/proto/sintonia/v1/trainer";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import { invalidArgument, statusError } from "./status.js";

/** Largest artifact that is taken: a model of 256 million float32 weights. */
const ARTIFACT_MAX_BYTES = 2 ** 30;
const SHA256 = /^[0-9a-f]{64}$/;

/** Stores an upload under its checksum. Content is addressed by itself, so bytes of a lost lease do no harm. */
export async function receiveArtifact(
  store: ArtifactStore,
  parts: AsyncIterable<UploadArtifactRequest>,
): Promise<Artifact> {
  const iterator = parts[Symbol.asyncIterator]();
  const first = await iterator.next();
  const artifact = first.done === true ? undefined : headerOf(first.value);
  if (artifact === undefined) throw invalidArgument("An upload begins with a header that names the artifact.");
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

function headerOf({ part }: UploadArtifactRequest): Artifact | undefined {
  return part?.$case === "header" ? part.value.artifact : undefined;
}

async function* chunksOf(parts: AsyncIterable<UploadArtifactRequest>): AsyncGenerator<Uint8Array> {
  for await (const { part } of parts) {
    if (part?.$case !== "chunk") throw invalidArgument("After the header an upload has only chunks.");
    yield part.value;
  }
}
