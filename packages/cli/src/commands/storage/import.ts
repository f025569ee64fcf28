import type { Command } from "commander";
import { sendExport } from "../../study/export/send-export.js";
import { studyStateName } from "../../study/trial-state.js";
import { isFileError, readFailureText } from "../../system/files/file-failures.js";
import { CommandError } from "../../system/usage-error.js";
import { type CommandContext, printResult, whileWorking } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { withStudies } from "../studies/connection.js";

const HELP = `
Examples:
  $ sintonia import my-study.sintonia.tar
  $ sintonia import my-study.sintonia.tar --coordinator tuner:7230`;

/** Adds the command `import`. */
export function addImport(command: Command, context: CommandContext): void {
  command
    .argument("<FILE>", 'file that "sintonia export" wrote')
    .description(
      "Store an exported study on a coordinator, under its id. Its log is checked, and nothing of it runs again. " +
        "Safe to repeat.",
    )
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((file: string, options: ConnectionOptions) =>
    importStudy(file, options, context),
  );
}

async function importStudy(file: string, options: ConnectionOptions, context: CommandContext): Promise<void> {
  const { study, existed } = await withStudies(options, context, async ({ client, isRunning }) => {
    if (!isRunning) throw notRunning(options);
    return await whileWorking(context, options, `reading ${file}`, () => sendExport(client, file)).catch(
      unreadable(file),
    );
  });
  const document = { study: study.id, existed, state: studyStateName(study.state) };
  const line = existed ? `Study ${study.id} is there already, with the same log` : `Imported study ${study.id}`;
  printResult(context, options, { document, lines: [line] });
}

function notRunning({ dir }: ConnectionOptions): CommandError {
  const message =
    `no run works in ${dir}, so that no coordinator can store a study there; ` +
    '"sintonia show --dir FILE" reads an exported study without one';
  return new CommandError(message, { code: "NOT_RUNNING", facts: { dir } });
}

function unreadable(file: string): (error: unknown) => never {
  return (error) => {
    if (!isFileError(error)) throw error;
    throw new CommandError(`${file}: ${readFailureText(error)}`, { code: "NOT_READ", facts: { file }, cause: error });
  };
}
