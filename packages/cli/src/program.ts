import { Command, CommanderError } from "commander";
import type { CommandContext } from "./commands/context.js";
import { type ExitCode, failureOf } from "./commands/failure.js";
import { addReproduce } from "./commands/runs/reproduce.js";
import { addRun } from "./commands/runs/run.js";
import { addOracle } from "./commands/standalone/oracle.js";
import { addSchema } from "./commands/standalone/schema.js";
import { addBest } from "./commands/studies/best.js";
import { addCreate } from "./commands/studies/create.js";
import { addExplain } from "./commands/studies/explain.js";
import { addImportance } from "./commands/studies/importance.js";
import { addList } from "./commands/studies/list.js";
import { addShow } from "./commands/studies/show.js";
import { addStop } from "./commands/studies/stop.js";
import { addWatch } from "./commands/studies/watch.js";

const EXAMPLES = `
Examples:
  $ sintonia run --quick                        see every part at work, in about a minute
  $ sintonia run fashion-init                   run a whole experiment on this machine
  $ sintonia reproduce                          run all published experiments and compare the figures; takes hours
  $ sintonia create my-study.yaml               start a study on a coordinator that is already running
  $ sintonia watch my-study                     follow the study until it ends
  $ sintonia best my-study --download model/    show the best trial and download its model

The address of the coordinator is the first of: --coordinator, SINTONIA_COORDINATOR_ADDRESS, 127.0.0.1:7230.
"sintonia run" starts a coordinator of its own and prints its address.`;

/**
 * Runs the program.
 *
 * @param args - arguments after the program's name
 * @returns exit code; the output has been written, but not necessarily flushed
 */
export async function runProgram(
  args: readonly string[],
  context: Omit<CommandContext, "exitCode">,
): Promise<ExitCode> {
  const running: CommandContext = { ...context, exitCode: 0 };
  try {
    await createProgram(running).parseAsync(args, { from: "user" });
    return running.exitCode;
  } catch (error) {
    // Commander has already printed its message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { code, lines } = failureOf(error, args.includes("--verbose"));
    for (const line of lines) context.stderr.write(`${line}\n`);
    return code;
  }
}

function createProgram(context: CommandContext): Command {
  const program = new Command("sintonia")
    .description("Tunes the hyperparameters of neural networks across many trainers.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .showSuggestionAfterError(false)
    .addHelpText("after", EXAMPLES);
  const commands = [
    addRun,
    addReproduce,
    addCreate,
    addList,
    addShow,
    addWatch,
    addStop,
    addBest,
    addExplain,
    addImportance,
    addOracle,
    addSchema,
  ];
  for (const add of commands) add(program, context);
  return program;
}
