import type { WantedFile } from "@sintonia/files/contract/file-source";
import { nameOf, SHA256 } from "@sintonia/protocol/names";
import { addressSchema } from "@sintonia/tuning/plan/file/address-schema";
import { sourceOf } from "@sintonia/tuning/plan/file/file-address";
import { z } from "zod";

/** Name of a tested trial's artifacts among the files of a plan. No file has such a path. */
export const TESTED_ARTIFACTS = "/artifacts.tar";

const file = z.object({
  sha256: z.string().transform((text) => nameOf(SHA256, text)),
  sizeBytes: z.int().nonnegative(),
  source: addressSchema.exactOptional(),
});

const part = z.object({ files: z.record(z.string(), file).optional() }).optional();

/** The parts of a plan that name files. */
const plan = z.object({
  dataset: part,
  model: part,
  program: part,
  tests: z
    .object({ artifacts: file })
    .transform(({ artifacts }) => ({ files: { [TESTED_ARTIFACTS]: artifacts } }))
    .optional(),
});

/**
 * Returns the files that a plan names, by the path that the plan has for them. Only the training
 * process reads the rest of the plan, and it reports a plan that is not valid: such a plan has no
 * files here.
 */
export function filesOfPlan(planJson: string): ReadonlyMap<string, WantedFile> {
  try {
    const parts = Object.values(plan.parse(JSON.parse(planJson)));
    const files = parts.flatMap((part) => Object.entries(part?.files ?? {}));
    return new Map(files.map(([path, file]) => [path, { ...file, source: sourceOf(path, file) }]));
  } catch {
    return new Map();
  }
}
