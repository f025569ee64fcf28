import { specToJson } from "@sintonia/tuning/spec/json";
import type { Command } from "commander";
import { loadSpec, withOverrides } from "../../study/spec/experiments.js";
import { readWarmStart } from "../../study/spec/warm-start.js";
import { studyStateName } from "../../study/trial-state.js";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { withCoordinator } from "./connection.js";

interface CreateOptions extends ConnectionOptions {
  readonly id?: string;
  readonly warmStart?: string;
}

/** Adds the command `create`. */
export function addCreate(program: Command, context: CommandContext): void {
  const command = program
    .command("create")
    .argument("<SPEC>", "file with a study spec, or name of an experiment that comes with Sintonia")
    .summary("start a study on a coordinator")
    .description("Start a study on a running coordinator. Its trainers begin at once.")
    .option(
      "--id <ID>",
      "id of the study; the same id with the same spec is the same study (default: derived from the spec's name)",
    )
    .option(
      "--warm-start <FILE>",
      'results of an earlier study for the oracle: the output of "sintonia show STUDY --json"',
    )
    .addHelpText("after", "\nExample:\n  $ sintonia create experiments/mnist-init.yaml --coordinator 10.0.0.5:7230");
  addConnectionOptions(command).action((spec: string, options: CreateOptions) => create(spec, options, context));
}

async function create(specName: string, options: CreateOptions, context: CommandContext): Promise<void> {
  const given = loadSpec(specName);
  const { warmStart } = options;
  const overrides = warmStart === undefined ? {} : { warmStart: readWarmStart(warmStart, given) };
  const spec = withOverrides(given, overrides, false);
  const response = await withCoordinator(options.coordinator, (client) =>
    client.createStudy({ spec: JSON.stringify(specToJson(spec)), studyId: options.id ?? "" }),
  );
  const { study, existed } = response;
  if (study === undefined) throw new Error("the coordinator answered without a study");
  const lines = [
    existed ? `Study ${study.id} already exists with this spec` : `Started study ${study.id}`,
    `To follow the study: sintonia watch ${study.id} --coordinator ${options.coordinator}`,
  ];
  printResult(context, options, { document: { id: study.id, existed, state: studyStateName(study.state) }, lines });
}
