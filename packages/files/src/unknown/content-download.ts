// Downloads of files whose checksum is not known before.

import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { FILE_MAX_BYTES, type FileRef } from "@sintonia/protocol/file";
import { nameOf, SHA256 } from "@sintonia/protocol/names";
import { OriginFault } from "../contract/file-source.js";
import type { RemoteAddress, RemoteBody, RemoteFiles } from "../remote/remote-files.js";

/** Bytes of a file that have arrived. */
export interface Arrived {
  readonly bytesDone: number;
  /** Undefined if the server does not say it. */
  readonly bytesTotal: number | undefined;
}

/** A download into a file. After a break, `attempt` continues it if the content is the same. */
export class ContentDownload {
  readonly #remote: RemoteFiles;
  readonly #address: RemoteAddress;
  readonly #part: string;
  #hash: Hash = createHash("sha256");
  #length = 0;
  #version: string | undefined;

  /** @param part - the empty file to write to */
  constructor(remote: RemoteFiles, address: RemoteAddress, part: string) {
    this.#remote = remote;
    this.#address = address;
    this.#part = part;
  }

  /**
   * Downloads what is missing.
   *
   * @param onArrival - receives progress; awaited before the first byte is written
   * @throws {OriginFault}
   */
  async attempt(onArrival: (arrived: Arrived) => void | Promise<void>, signal: AbortSignal): Promise<FileRef> {
    const handle = await open(this.#part, "r+");
    try {
      const body = await this.#remote.open(this.#address, this.#missing(), signal);
      await this.#begin(body, handle);
      await onArrival({ bytesDone: this.#length, bytesTotal: body.totalBytes });
      for await (const bytes of body.bytes) {
        await this.#write(bytes, handle);
        await onArrival({ bytesDone: this.#length, bytesTotal: body.totalBytes });
      }
    } finally {
      await handle.close();
    }
    return { sha256: nameOf(SHA256, this.#hash.digest("hex")), sizeBytes: this.#length };
  }

  /** Without a version, the rest may be that of another content. */
  #missing(): { readonly offset: number; readonly version?: string } {
    return this.#version === undefined ? { offset: 0 } : { offset: this.#length, version: this.#version };
  }

  async #begin({ start, version }: RemoteBody, handle: FileHandle): Promise<void> {
    if (start === 0) {
      await handle.truncate(0);
      this.#hash = createHash("sha256");
      this.#length = 0;
    }
    this.#version = version;
  }

  async #write(bytes: Uint8Array, handle: FileHandle): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, this.#length + done);
      done += bytesWritten;
    }
    this.#hash.update(bytes);
    this.#length += bytes.length;
    if (this.#length > FILE_MAX_BYTES) throw new OriginFault("it has more than 2 GiB", "none");
  }
}
