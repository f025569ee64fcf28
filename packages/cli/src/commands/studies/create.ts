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

export function addCreate(program: Command, context: CommandContext): void {
  const command = program
    .command("create")
    .argument("<SPEC>", "a file, or the name of an experiment that comes with Sintonia")
    .summary("start a study on a coordinator")
    .description("Start a study on a coordinator. The trainers that work for it begin at once.")
    .option(
      "--id <ID>",
      "id of the study; the same spec under the same id is the same study (default: made from its name)",
    )
    .option("--warm-start <FILE>", 'results that the oracle learns from: what "sintonia show STUDY --json" printed')
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
    existed ? `Study ${study.id} exists already with this spec` : `Started study ${study.id}`,
    `Follow it with: sintonia watch ${study.id} --coordinator ${options.coordinator}`,
  ];
  printResult(context, options, { document: { id: study.id, existed, state: studyStateName(study.state) }, lines });
}
