import type { AdminServiceClient, LiveTrainer } from "@sintonia/proto/sintonia/v1/admin";
import type { Command } from "commander";
import { cordonLines, setAsideByLines, trainerTable } from "../../display/report/trainer-table.js";
import { type CommandContext, outputLayout, printResult } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { withStudies } from "../studies/connection.js";
import { trainerResults } from "./trainer-results.js";

const HELP = `
Examples:
  $ sintonia trainers
  $ sintonia trainers --dir runs/mnist-init     the trainers of a run that works
  $ sintonia trainers --json`;

/** Adds the command `trainers`. */
export function addTrainers(command: Command, context: CommandContext): void {
  command.description("List every trainer that lives or is cordoned, and what it trains.").addHelpText("after", HELP);
  addConnectionOptions(command).action((options: ConnectionOptions) => list(options, context));
}

async function list(options: ConnectionOptions, context: CommandContext): Promise<void> {
  const trainers = await withStudies(options, context, async ({ client, isRunning }): Promise<LiveTrainer[]> => {
    return isRunning ? await allTrainers(client) : [];
  });
  const layout = outputLayout(context, options);
  const lines = [
    ...trainerTable(trainers, layout),
    ...cordonLines(trainers, layout),
    ...setAsideByLines(trainers, layout),
  ];
  printResult(context, options, { document: { trainers: trainers.map(trainerResults) }, lines });
}

/** Reads every trainer, page by page. */
async function allTrainers(client: AdminServiceClient): Promise<LiveTrainer[]> {
  const all: LiveTrainer[] = [];
  let pageToken = "";
  do {
    const page = await client.listTrainers({ pageToken });
    all.push(...page.trainers);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return all;
}
