// What a trainer and its training process say to each other, over Node's IPC channel with structured clones.
//
// trainer -> process   start, then for each trial: train, and one answer to each epoch and to an accepted checkpoint; save at
//                      any time
// process -> trainer   ready or engine-failed, then for each trial: accepted or refused if it was given a checkpoint, epochs,
//                      and one of completed, infeasible, failed, stopped unless refused; data-opened at any time in between,
//                      and one of checkpoint, unsaved for each save
import type { TrainingDirective } from "@sintonia/protocol/directive";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import { ENGINE_NAMES } from "@sintonia/training/engine/contract/engine";
import { z } from "zod";

const directive: z.ZodType<TrainingDirective> = z.enum(["continue", "stop"]);

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** The checkpoints of the trial name the lease, so that no two trials and no two leases write the same bytes. */
const lease: z.ZodType<LeaseKey> = z.object({
  studyId: z.string(),
  trialId: z.string(),
  attempt: z.int().positive(),
  token: z.number(),
});

/** What the training process needs to know of its trainer. */
const settings = z.object({
  engine: z.enum(ENGINE_NAMES),
  threads: z.int().positive(),
  /** For engines that use one. */
  gpu: z
    .object({
      memoryGrowth: z.boolean(),
      device: z.string().optional(),
      tf32: z.boolean(),
      cudaCacheDir: z.string().optional(),
    })
    .optional(),
  /** Folder of the user's data. */
  dataDir: z.string().optional(),
  cacheDir: z.string(),
  allowDownload: z.boolean(),
});
export type ChildSettings = z.infer<typeof settings>;

const commandSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), settings }),
  z.object({
    type: z.literal("train"),
    planJson: z.string(),
    lease,
    /** What to go on from. */
    checkpoint: bytes.optional(),
  }),
  /** Says what to do after an epoch, or after a checkpoint was accepted. */
  z.object({ type: z.literal("answer"), directive }),
  /** Asks for a checkpoint of the last epoch that was answered with continue. */
  z.object({ type: z.literal("save") }),
]);
export type Command = z.infer<typeof commandSchema>;

const measurement: z.ZodType<Measurement> = z.object({
  execution: z.int().nonnegative(),
  epoch: z.int().nonnegative(),
  metrics: z.record(z.string(), z.number()),
  learningRate: z.number(),
  seconds: z.number(),
});

/** One line for a person, and a stack for the log. */
const fault = { message: z.string(), stack: z.string().optional() };

const reportSchema = z.discriminatedUnion("type", [
  /** The engine is ready for its first trial. */
  z.object({ type: z.literal("ready"), description: z.string() }),
  z.object({ type: z.literal("engine-failed"), ...fault }),
  z.object({ type: z.literal("data-opened"), name: z.string(), kind: z.string(), folder: z.string() }),
  /** Training has the state of the checkpoint, which covers the epochs up to this one, and waits for the answer. */
  z.object({ type: z.literal("accepted"), execution: z.int().nonnegative(), epoch: z.int().nonnegative() }),
  /** The trial is over before it began: the checkpoint cannot be gone on from. */
  z.object({ type: z.literal("refused"), message: z.string() }),
  /** `execution` and `epoch` are those of the last epoch that it covers. */
  z.object({
    type: z.literal("checkpoint"),
    bytes,
    sha256: z.string(),
    execution: z.int().nonnegative(),
    epoch: z.int().nonnegative(),
  }),
  z.object({ type: z.literal("unsaved"), message: z.string() }),
  /** Training waits for the answer. */
  z.object({ type: z.literal("epoch"), measurement }),
  /** `bytes` is a safetensors file. */
  z.object({
    type: z.literal("completed"),
    bytes,
    sha256: z.string(),
    keptEpochs: z.array(z.int().nonnegative()),
  }),
  z.object({ type: z.literal("infeasible"), message: z.string() }),
  z.object({ type: z.literal("failed"), ...fault }),
  z.object({ type: z.literal("stopped") }),
]);
export type Report = z.infer<typeof reportSchema>;

/** @throws {z.ZodError} if the message is none of the protocol */
export function parseCommand(message: unknown): Command {
  return commandSchema.parse(message);
}

/** @throws {z.ZodError} if the message is none of the protocol */
export function parseReport(message: unknown): Report {
  return reportSchema.parse(message);
}
