// What a trainer and its training process say to each other, over Node's IPC channel with structured clones.
//
// trainer -> process   start, then for each trial: train, and one answer to each epoch
// process -> trainer   ready or engine-failed, then for each trial: epochs, and one of completed, infeasible, failed,
//                      stopped; data-opened at any time in between
import { ENGINE_NAMES } from "@sintonia/training/engine/engine";
import { z } from "zod";

const verdict = z.enum(["continue", "stop"]);

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
  z.object({ type: z.literal("train"), planJson: z.string() }),
  /** Says what to do after an epoch. */
  z.object({ type: z.literal("answer"), verdict }),
]);
export type Command = z.infer<typeof commandSchema>;
export type Verdict = z.infer<typeof verdict>;

const measurement = z.object({
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
  /** Training waits for the answer. */
  z.object({ type: z.literal("epoch"), measurement }),
  /** `bytes` is a safetensors file. */
  z.object({
    type: z.literal("completed"),
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    sha256: z.string(),
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
