import type { Study } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import { writeExport } from "../../study/export/write-export.js";
import { isOver, studyStateName } from "../../study/trial-state.js";
import { isFileError, writeFailureText } from "../../system/files/file-failures.js";
import { CommandError } from "../../system/usage-error.js";
import { type CommandContext, printResult, whileWorking } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions, parsePath } from "../options.js";
import { requireStudy, withStudies } from "../studies/connection.js";

interface ExportOptions extends ConnectionOptions {
  readonly output?: string;
}

const HELP = `
Examples:
  $ sintonia export my-study                            writes my-study.sintonia.tar
  $ sintonia export my-study --output archive/one.tar
  $ sintonia show --dir my-study.sintonia.tar           reads the file without a coordinator
  $ sintonia import my-study.sintonia.tar               stores the study on a coordinator, this one or another`;

/** Adds the command `export`. */
export function addExport(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description(
      "Write an ended study into one file: its log, results, models and the weights of the best trial. The study " +
        'stays; "sintonia delete" deletes it.',
    )
    .option("--output <FILE>", "file to write (default: STUDY.sintonia.tar)", parsePath)
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, options: ExportOptions) =>
    exportStudy(name, options, context),
  );
}

async function exportStudy(name: string | undefined, options: ExportOptions, context: CommandContext): Promise<void> {
  const { id, file } = await withStudies(options, context, async ({ client }) => {
    const study = await requireStudy(client, name, options);
    if (!isOver(study.state)) throw openStudy(study);
    const file = options.output ?? `${study.id}.sintonia.tar`;
    try {
      await whileWorking(context, options, `writing ${file}`, () => writeExport(client, study, file));
    } catch (error) {
      if (!isFileError(error)) throw error;
      const message = `${file}: cannot be written: ${writeFailureText(error)}`;
      throw new CommandError(message, { code: "NOT_WRITTEN", facts: { file }, cause: error });
    }
    return { id: study.id, file };
  });
  printResult(context, options, { document: { study: id, file }, lines: [`Wrote study ${id} into ${file}`] });
}

function openStudy({ id, state }: Study): CommandError {
  const reason = "only ended studies can be exported; wait for its end, or stop it";
  const message = `study ${id} is ${studyStateName(state)}: ${reason}`;
  return new CommandError(message, { code: "STUDY_OPEN", facts: { study: id } });
}
