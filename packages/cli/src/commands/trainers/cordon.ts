import type { AdminServiceClient, Cordon } from "@sintonia/proto/sintonia/v1/admin";
import type { Command } from "commander";
import { CommandError } from "../../system/usage-error.js";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { withStudies } from "../studies/connection.js";
import { cordonResults } from "./trainer-results.js";

interface CordonOptions extends ConnectionOptions {
  readonly reason: string;
}

const TRAINER = ["<TRAINER>", "id of the trainer, as `sintonia trainers` prints it"] as const;

const CORDON_HELP = `
The trainer goes on with its trial and gets no further one, also after a restart of the coordinator,
until "sintonia uncordon". Its process goes on.

Example:
  $ sintonia cordon trainer-1-5f3a9c --reason "a new driver tonight"`;

const DRAIN_HELP = `
The trainer saves its trial as a checkpoint and hands it back within seconds, so that another trainer
goes on with it. The attempt does not count. The trainer then gets no trial until "sintonia uncordon".

Example:
  $ sintonia drain trainer-1-5f3a9c --reason "the machine restarts at noon"`;

const UNCORDON_HELP = `
Example:
  $ sintonia uncordon trainer-1-5f3a9c`;

/** Adds the command `cordon`. */
export function addCordon(command: Command, context: CommandContext): void {
  addOptions(
    command.description("Give a trainer no further trial until you uncordon it. Safe to repeat."),
    CORDON_HELP,
  );
  command.action((trainerId: string, options: CordonOptions) =>
    order(trainerId, options, context, (client) => client.cordonTrainer({ trainerId, reason: options.reason })),
  );
}

/** Adds the command `drain`. */
export function addDrain(command: Command, context: CommandContext): void {
  const description = "Take the present trial of a trainer back, and give it no further one. Safe to repeat.";
  addOptions(command.description(description), DRAIN_HELP);
  command.action((trainerId: string, options: CordonOptions) =>
    order(trainerId, options, context, (client) => client.drainTrainer({ trainerId, reason: options.reason })),
  );
}

/** Adds the command `uncordon`. */
export function addUncordon(command: Command, context: CommandContext): void {
  command
    .argument(...TRAINER)
    .description("Give a cordoned trainer trials again. Has no effect on another one. Safe to repeat.")
    .addHelpText("after", UNCORDON_HELP);
  addConnectionOptions(command).action(async (trainerId: string, options: ConnectionOptions) => {
    await withRunning(options, context, (client) => client.uncordonTrainer({ trainerId }));
    const lines = [`Trainer ${trainerId} gets trials again.`];
    printResult(context, options, { document: { trainer: trainerId, cordon: null }, lines });
  });
}

function addOptions(command: Command, help: string): void {
  command
    .argument(...TRAINER)
    .option("--reason <TEXT>", "reason, which `sintonia trainers` prints", "ordered by a person")
    .addHelpText("after", help);
  addConnectionOptions(command);
}

/** Gives an order about a trainer, and prints it. */
async function order(
  trainer: string,
  options: CordonOptions,
  context: CommandContext,
  call: (client: AdminServiceClient) => Promise<{ readonly cordon?: Cordon | undefined }>,
): Promise<void> {
  const { cordon } = await withRunning(options, context, call);
  const { reason, drains } = cordon ?? { reason: options.reason, drains: false };
  const [state, effect] = drains
    ? ["drained", "It hands its trial back and gets no other."]
    : ["cordoned", "It finishes its trial and gets no other."];
  const line = `Trainer ${trainer} is ${state}, for this reason: ${reason.replace(/\.$/, "")}. ${effect}`;
  printResult(context, options, { document: { trainer, cordon: cordonResults(cordon) }, lines: [line] });
}

/** Calls `use` with the coordinator that the options name, if one runs. */
async function withRunning<T>(
  options: ConnectionOptions,
  context: CommandContext,
  use: (client: AdminServiceClient) => Promise<T>,
): Promise<T> {
  return await withStudies(options, context, async ({ client, isRunning }) => {
    if (isRunning) return await use(client);
    const message = "no coordinator runs: repeat the command while the run works";
    throw new CommandError(message, { code: "NOT_RUNNING" });
  });
}
