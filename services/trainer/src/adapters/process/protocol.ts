// The messages between a trainer and its training process, sent over Node's IPC channel as
// structured clones.
//
// Commands to the process:
// - start, once
// - train, for each trial
// - answer, after each epoch and after an accepted checkpoint
// - save, at any time
//
// Reports of the process:
// - ready or engine-failed, after start
// - accepted or refused, if the trial has a checkpoint
// - epoch, any number of times
// - completed, infeasible, failed, data-unusable, unsuitable or stopped, at the end of a trial that
//   was not refused
// - data-opened, at any time in a trial
// - checkpoint or unsaved, after each save

import type { TrainingDirective } from "@sintonia/protocol/directive";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import { type Form, SHA256, STUDY_ID, TRIAL_ID } from "@sintonia/protocol/names";
import { ENGINE_NAMES } from "@sintonia/training/engine/contract/engine";
import { z } from "zod";

const directive: z.ZodType<TrainingDirective> = z.enum(["continue", "stop"]);

/** A text of a form. */
function named<T extends string>(form: Form<T>) {
  return z.custom<T>((value) => typeof value === "string" && form.parse(value) !== undefined);
}

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/**
 * The checkpoints of the trial name the lease, so that no two trials and no two leases write the
 * same bytes.
 */
const lease: z.ZodType<LeaseKey> = z.object({
  studyId: named(STUDY_ID),
  trialId: named(TRIAL_ID),
  attempt: z.int().positive(),
  token: z.number(),
});

/** The settings of a training process. */
const settings = z.object({
  engine: z.enum(ENGINE_NAMES),
  threads: z.int().positive(),
  /** Settings of engines that use a GPU. */
  gpu: z
    .object({
      memoryGrowth: z.boolean(),
      device: z.string().optional(),
      tf32: z.boolean(),
      cudaCacheDir: z.string().optional(),
    })
    .optional(),
  /** Folder with the data set's files; if absent, other locations are searched. */
  dataDir: z.string().optional(),
  cacheDir: z.string(),
  allowDownload: z.boolean(),
  /** True if modules of users may run. @default false */
  allowPrograms: z.boolean().optional(),
});
/** The settings of a training process. */
export type ChildSettings = z.infer<typeof settings>;

const commandSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), settings }),
  z.object({
    type: z.literal("train"),
    planJson: z.string(),
    lease,
    /** Local paths of the plan's files, by the path that the plan has for them. */
    files: z.record(z.string(), z.string()),
    /** The checkpoint to resume from. */
    checkpoint: bytes.optional(),
  }),
  /** Answers an epoch or an accepted checkpoint. */
  z.object({ type: z.literal("answer"), directive }),
  /** Asks for a checkpoint of the last epoch whose answer was "continue". */
  z.object({ type: z.literal("save") }),
]);
/** A message to the training process. */
export type Command = z.infer<typeof commandSchema>;

const measurement: z.ZodType<Measurement> = z.object({
  execution: z.int().nonnegative(),
  epoch: z.int().nonnegative(),
  metrics: z.record(z.string(), z.number()),
  learningRate: z.number(),
  seconds: z.number(),
});

/** A one-line message for a person, and a stack for the log. */
const fault = { message: z.string(), stack: z.string().optional() };

const reportSchema = z.discriminatedUnion("type", [
  /** The engine is ready for its first trial. */
  z.object({ type: z.literal("ready"), description: z.string() }),
  z.object({ type: z.literal("engine-failed"), ...fault }),
  z.object({ type: z.literal("data-opened"), name: z.string(), kind: z.string(), folder: z.string() }),
  /**
   * Training has restored the checkpoint, which covers the epochs up to this one, and waits for
   * the answer.
   */
  z.object({ type: z.literal("accepted"), execution: z.int().nonnegative(), epoch: z.int().nonnegative() }),
  /** Training cannot resume from the checkpoint and has ended. */
  z.object({ type: z.literal("refused"), message: z.string() }),
  /** `execution` and `epoch` name the last epoch that the checkpoint covers. */
  z.object({
    type: z.literal("checkpoint"),
    bytes,
    sha256: named(SHA256),
    execution: z.int().nonnegative(),
    epoch: z.int().nonnegative(),
  }),
  z.object({ type: z.literal("unsaved"), message: z.string() }),
  /** Training waits for the answer. */
  z.object({ type: z.literal("epoch"), measurement, examples: z.int().nonnegative() }),
  /** `bytes` is a safetensors file. */
  z.object({
    type: z.literal("completed"),
    bytes,
    sha256: named(SHA256),
    keptEpochs: z.array(z.int().nonnegative()),
    facts: z.record(z.string(), z.number()).exactOptional(),
  }),
  z.object({ type: z.literal("infeasible"), message: z.string() }),
  z.object({ type: z.literal("failed"), ...fault }),
  /** The data set cannot be read on this machine. */
  z.object({ type: z.literal("data-unusable"), ...fault }),
  /** This trainer cannot train the trial, although another one may. */
  z.object({ type: z.literal("unsuitable"), message: z.string() }),
  z.object({ type: z.literal("stopped") }),
]);
/** A message from the training process. */
export type Report = z.infer<typeof reportSchema>;

/**
 * Parses a message to the training process.
 *
 * @throws {z.ZodError} if the message is not a command
 */
export function parseCommand(message: unknown): Command {
  return commandSchema.parse(message);
}

/**
 * Parses a message from the training process. Returns undefined if the message is not a report: the
 * code of a user runs there too.
 */
export function parseReport(message: unknown): Report | undefined {
  return reportSchema.safeParse(message).data;
}
