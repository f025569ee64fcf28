import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { openArchivedStudies } from "../archive/archived-studies.js";
import { readExport } from "./export-file.js";

/**
 * Calls `use` with a client of the study in the file of an export. The client answers as a
 * coordinator that has the study.
 *
 * @throws {CommandError} if the file is none of a study, or damaged
 */
export async function withExport<T>(file: string, use: (client: AdminServiceClient) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "sintonia-export-"));
  try {
    const folders = {
      copies: join(folder, "log"),
      artifacts: join(folder, "artifacts"),
      outputs: join(folder, "output"),
    };
    await mkdir(folders.copies);
    await unpack(file, folders);
    return await use(await openArchivedStudies(folders));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(file: string, folders: { readonly copies: string; readonly artifacts: string }): Promise<void> {
  let study = "";
  for await (const part of readExport(file)) {
    if (part.kind === "manifest") study = part.manifest.study;
    else await write(part.bytes, pathOf(part, study, folders));
  }
}

function pathOf(
  part: { readonly kind: "log" } | { readonly kind: "artifact"; readonly sha256: string },
  study: string,
  { copies, artifacts }: { readonly copies: string; readonly artifacts: string },
): string {
  if (part.kind === "log") return join(copies, `${study}.jsonl`);
  return join(artifacts, part.sha256.slice(0, 2), part.sha256);
}

async function write(bytes: AsyncIterable<Buffer>, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await pipeline(bytes, createWriteStream(path));
}
