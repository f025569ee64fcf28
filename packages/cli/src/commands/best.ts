import { resolve } from "node:path";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Artifact, Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import { formatValue, pythonFloat } from "../display/number.js";
import { downloadArtifacts } from "../study/download.js";
import { parameterNames, trialResults } from "../study/results.js";
import { withCoordinator } from "./connection.js";
import { type CommandContext, printResult } from "./context.js";
import { addConnectionOptions, type ConnectionOptions } from "./options.js";

interface BestOptions extends ConnectionOptions {
  readonly download?: string;
}

export function addBest(program: Command, context: CommandContext): void {
  const command = program
    .command("best")
    .argument("<STUDY>", "id of the study")
    .summary("show the best trial, fetch its model")
    .description("Show the best completed trial so far, and fetch its model.")
    .option("--download <DIR>", "write the weights there; once the study has ended also the model as tfjs and ONNX")
    .addHelpText("after", "\nExample:\n  $ sintonia best mnist-init --download model/");
  addConnectionOptions(command).action((studyId: string, options: BestOptions) => best(studyId, options, context));
}

async function best(studyId: string, options: BestOptions, context: CommandContext): Promise<void> {
  const found = await withCoordinator(options.coordinator, async (client) => {
    const best = await readBest(client, studyId);
    return { ...best, files: await fetchModel(client, best, options.download) };
  });
  const trial = trialResults(found.trial, parameterNames(JSON.parse(found.study.specJson)));
  const document = { study: studyId, trial, weights: found.weights?.sha256 ?? null, files: found.files };
  printResult(context, options, { document, lines: bestLines(found) });
}

interface Best {
  readonly study: Study;
  readonly trial: Trial;
  readonly weights: Artifact | undefined;
}

async function readBest(client: AdminServiceClient, studyId: string): Promise<Best> {
  const { study } = await client.getStudy({ studyId });
  const { trial, weights } = await client.getBestTrial({ studyId });
  if (study === undefined || trial === undefined) throw new Error("the coordinator answered without a trial");
  return { study, trial, weights };
}

async function fetchModel(
  client: AdminServiceClient,
  { study, weights }: Best,
  to: string | undefined,
): Promise<string[]> {
  if (to === undefined) return [];
  const artifacts = [...(weights === undefined ? [] : [weights]), ...study.models];
  const directory = resolve(to);
  const names = await downloadArtifacts({ client, studyId: study.id, artifacts, directory });
  return names.map((name) => resolve(directory, name));
}

function bestLines({ study, trial, files }: Best & { readonly files: readonly string[] }): string[] {
  const { values } = trialResults(trial, parameterNames(JSON.parse(study.specJson)));
  return [
    `Trial ${trial.id} summary`,
    "Hyperparameters:",
    ...Object.entries(values).map(([name, value]) => `${name}: ${formatValue(value)}`),
    `Score: ${trial.objective === undefined ? "None" : pythonFloat(trial.objective)}`,
    ...files.map((file) => `Wrote ${file}`),
  ];
}
