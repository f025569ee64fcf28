import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Command } from "commander";
import { explanationLines } from "../../display/report/explanation.js";
import { type ExplanationDocument, explanationDocument } from "../../study/documents/explanation.js";
import { type CommandContext, printResult } from "../context.js";
import { addReadingOptions, type ReadingOptions } from "../options.js";
import { withStudies } from "./connection.js";

const HELP = `
The coordinator reads the history before the suggestion from the study's log and recomputes the suggestion. The result
must equal the trial's values bit for bit. If it differs, for example because another version of the oracle made the
suggestion, the command prints the difference and ends with 1.

Examples:
  $ sintonia explain mnist-init 07
  $ sintonia explain mnist-init 07 --dir runs/mnist-init    after the run has ended`;

/** Adds the command `explain`. */
export function addExplain(program: Command, context: CommandContext): void {
  const command = program
    .command("explain")
    .argument("<STUDY>", "id of the study")
    .argument("<TRIAL>", "id of the trial")
    .summary("explain why a trial has its values")
    .description(
      "Explain why a trial has its values: the history, the prediction and the acquisition value behind them.",
    )
    .addHelpText("after", HELP);
  addReadingOptions(command).action((studyId: string, trialId: string, options: ReadingOptions) =>
    explain({ studyId, trialId }, options, context),
  );
}

interface TrialKey {
  readonly studyId: string;
  readonly trialId: string;
}

async function explain(key: TrialKey, options: ReadingOptions, context: CommandContext): Promise<void> {
  const document = await withStudies(options, context, (client) => readExplanation(client, key));
  printResult(context, options, { document, lines: explanationLines(document) });
}

async function readExplanation(client: AdminServiceClient, key: TrialKey): Promise<ExplanationDocument> {
  const { study } = await client.getStudy({ studyId: key.studyId });
  if (study === undefined) throw new Error("the coordinator answered without a study");
  return explanationDocument(study, await client.explainTrial(key));
}
