import { type FileOrigin, OriginFault, type WantedFile } from "../contract/file-source.js";
import type { RemoteFiles } from "./remote-files.js";

/**
 * The origin of all files: those with a source come from there, the others from the coordinator.
 */
export class SourceOrigin implements FileOrigin {
  readonly #remote: RemoteFiles;
  readonly #coordinator: FileOrigin | undefined;

  /** @param coordinator - undefined on a machine that asks for files with a source only */
  constructor(remote: RemoteFiles, coordinator?: FileOrigin) {
    this.#remote = remote;
    this.#coordinator = coordinator;
  }

  async *read(file: WantedFile, offset: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { source } = file;
    if (source === undefined && this.#coordinator !== undefined)
      return yield* this.#coordinator.read(file, offset, signal);
    if (source === undefined || source.scheme === "file") throw new OriginFault("no server has it", "none");
    const { start, bytes } = await this.#remote.open(source, { offset }, signal);
    yield* skipped(bytes, offset - start);
  }
}

/** Leaves out the first bytes, which a server without ranges sends again. */
async function* skipped(parts: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const bytes of parts) {
    const rest = left === 0 ? bytes : bytes.subarray(left);
    left -= bytes.length - rest.length;
    if (rest.length > 0) yield rest;
  }
}
