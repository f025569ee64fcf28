import type { Command } from "commander";
import { explanationLines } from "../../display/report/explanation.js";
import { explanationDocument } from "../../study/documents/explanation.js";
import { type CommandContext, outputLayout, printResult, whileWorking } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { requireStudy, withStudies } from "../studies/connection.js";

const HELP = `
The coordinator reads the history before the suggestion from the study's log and recomputes the suggestion. The result
must equal the trial's values bit for bit. If it differs, for example because another version of the oracle made the
suggestion, the command prints the difference and ends with 1.

Examples:
  $ sintonia explain mnist-init 7
  $ sintonia explain mnist-init 7 --dir runs/mnist-init    after the run has ended
  $ sintonia explain mnist-init 7 --json`;

/** Adds the command `explain`. */
export function addExplain(command: Command, context: CommandContext): void {
  command
    .argument("<STUDY>", "id or name of the study, or the first letters of its id")
    .argument("<TRIAL>", "id of the trial")
    .description(
      "Explain why a trial has its values and why it was stopped: history, prediction, acquisition value, pruner.",
    )
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string, trialId: string, options: ConnectionOptions) =>
    explain({ name, trialId }, options, context),
  );
}

interface TrialName {
  /** Name of the study. */
  readonly name: string;
  readonly trialId: string;
}

async function explain(trial: TrialName, options: ConnectionOptions, context: CommandContext): Promise<void> {
  const document = await withStudies(options, context, async ({ client }) => {
    const study = await requireStudy(client, trial.name, options);
    const explained = await whileWorking(context, options, "computing the suggestion again", () =>
      client.explainTrial({ studyId: study.id, trialId: trial.trialId }),
    );
    return explanationDocument(study, explained);
  });
  printResult(context, options, { document, lines: explanationLines(document, outputLayout(context, options)) });
}
