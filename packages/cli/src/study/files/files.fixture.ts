// A coordinator's store in memory, for tests of uploads.

import { createHash } from "node:crypto";
import type { HasFilesRequest, UploadFileRequest } from "@sintonia/proto/sintonia/v1/admin";
import { ClientError, Status } from "nice-grpc-common";
import type { FileClient } from "./upload.js";

/** Returns the SHA-256 of bytes. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A store that answers as a coordinator does. */
export class FakeStore {
  readonly stored = new Map<string, Buffer>();
  readonly partial = new Map<string, Buffer>();
  /** Offsets at which uploads began. */
  readonly offsets: number[] = [];
  /** Numbers of bytes after which the next uploads break. */
  readonly breaks: number[] = [];
  /** Called after each chunk of an upload. */
  onChunk = (): void => {};

  /** The calls of a client of the store. */
  get client(): FileClient {
    const client = {
      hasFiles: async ({ files = [] }: Partial<HasFilesRequest>) => ({
        files: files.map(({ sha256 }) => this.#presenceOf(sha256)),
      }),
      uploadFile: (messages: AsyncIterable<UploadFileRequest>) => this.#upload(messages),
    };
    return client as unknown as FileClient;
  }

  #presenceOf(sha256: string) {
    const stored = this.stored.has(sha256);
    return { sha256, stored, receivedBytes: stored ? 0 : (this.partial.get(sha256)?.length ?? 0) };
  }

  async #upload(messages: AsyncIterable<UploadFileRequest>): Promise<object> {
    let bytes: Buffer = Buffer.alloc(0);
    let sha256 = "";
    const breakAt = this.breaks.shift() ?? Number.POSITIVE_INFINITY;
    for await (const { part } of messages) {
      if (part?.$case === "header") {
        sha256 = part.value.file?.sha256 ?? "";
        this.offsets.push(part.value.offset);
        bytes = (this.partial.get(sha256) ?? bytes).subarray(0, part.value.offset);
      } else bytes = Buffer.concat([bytes, part?.value ?? Buffer.alloc(0)]);
      this.onChunk();
      if (bytes.length >= breakAt) {
        this.partial.set(sha256, bytes);
        throw new ClientError("UploadFile", Status.UNAVAILABLE, "Connection dropped");
      }
    }
    this.partial.delete(sha256);
    if (sha256Of(bytes) !== sha256)
      throw new ClientError("UploadFile", Status.DATA_LOSS, `${sha256} announced, ${sha256Of(bytes)} arrived`);
    this.stored.set(sha256, bytes);
    return {};
  }
}
