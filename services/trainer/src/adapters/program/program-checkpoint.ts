// The checkpoint of a program's trial: a tar archive of its folders, and its progress as JSON.

import { createHash } from "node:crypto";
import { ArchiveError } from "@sintonia/files/archive/tar-entries";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { z } from "zod";
import { packFolders, unpackFolders } from "./archive.js";
import { type Progress, progressSchema } from "./progress.js";

/** Name of the JSON in the archive. */
const HEADER = "sintonia.json";

/** The token keeps checkpoints of two leases from having the same bytes. */
const headerSchema = z.object({
  format: z.literal(1),
  trial: z.string(),
  plan: z.string(),
  token: z.number(),
  progress: progressSchema,
});

/** The folders of a checkpoint, as paths on this machine. */
export interface CheckpointFolders {
  readonly checkpoint: string;
  readonly artifacts: string;
  /** Artifacts of the best execution that has ended. */
  readonly best: string;
}

/** What a checkpoint belongs to. */
export interface CheckpointOwner {
  readonly lease: LeaseKey;
  readonly planJson: string;
}

/**
 * Packs a checkpoint.
 *
 * @throws {ArchiveError} if the folders are too large
 */
export async function packCheckpoint(
  folders: CheckpointFolders,
  progress: Progress,
  owner: CheckpointOwner,
): Promise<Buffer> {
  const header: z.infer<typeof headerSchema> = { format: 1, ...identity(owner), token: owner.lease.token, progress };
  return await packFolders({ folders: { ...folders }, texts: { [HEADER]: JSON.stringify(header) } });
}

/**
 * Unpacks a checkpoint into folders.
 *
 * @throws {ArchiveError} if the bytes are damaged, or of another trial or plan
 */
export async function unpackCheckpoint(
  bytes: Uint8Array,
  folders: CheckpointFolders,
  owner: CheckpointOwner,
): Promise<Progress> {
  const texts = await unpackFolders(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), { ...folders });
  const header = headerSchema.safeParse(parsed(texts.get(HEADER)));
  if (!header.success) throw new ArchiveError("the checkpoint is not that of a program");
  const { trial, plan } = identity(owner);
  if (header.data.trial !== trial || header.data.plan !== plan) {
    throw new ArchiveError("the checkpoint is of another trial or plan");
  }
  return header.data.progress;
}

function identity({ lease, planJson }: CheckpointOwner): { readonly trial: string; readonly plan: string } {
  return { trial: `${lease.studyId}/${lease.trialId}`, plan: createHash("sha256").update(planJson).digest("hex") };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
