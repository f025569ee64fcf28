import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Command } from "commander";
import { explanationLines } from "../../display/report/explanation.js";
import { type ExplanationDocument, explanationDocument } from "../../study/documents/explanation.js";
import { type CommandContext, printResult } from "../context.js";
import { addReadingOptions, type ReadingOptions } from "../options.js";
import { withStudies } from "./connection.js";

const HELP = `
What the oracle knew is read from the study's log and its suggestion is computed again: it has to come out bit for bit. Where
it does not, because another version of the oracle made it, the command says what differs and ends with 1.

Examples:
  $ sintonia explain mnist-init 07
  $ sintonia explain mnist-init 07 --dir runs/mnist-init    after the run has ended`;

export function addExplain(program: Command, context: CommandContext): void {
  const command = program
    .command("explain")
    .argument("<STUDY>", "id of the study")
    .argument("<TRIAL>", "id of the trial")
    .summary("say why a trial has its values")
    .description("Say why a trial has its values: what the oracle knew, believed and wanted when it suggested them.")
    .addHelpText("after", HELP);
  addReadingOptions(command).action((studyId: string, trialId: string, options: ReadingOptions) =>
    explain({ studyId, trialId }, options, context),
  );
}

interface TrialName {
  readonly studyId: string;
  readonly trialId: string;
}

async function explain(name: TrialName, options: ReadingOptions, context: CommandContext): Promise<void> {
  const document = await withStudies(options, context, (client) => readExplanation(client, name));
  printResult(context, options, { document, lines: explanationLines(document) });
}

async function readExplanation(client: AdminServiceClient, name: TrialName): Promise<ExplanationDocument> {
  const { study } = await client.getStudy({ studyId: name.studyId });
  if (study === undefined) throw new Error("the coordinator answered without a study");
  return explanationDocument(study, await client.explainTrial(name));
}
