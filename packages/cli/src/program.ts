import { Command, CommanderError } from "commander";
import type { CommandContext } from "./commands/context.js";
import { type ExitCode, failureOf } from "./commands/failure.js";
import { addReproduce } from "./commands/runs/reproduce.js";
import { addRun } from "./commands/runs/run.js";
import { addOracle } from "./commands/standalone/oracle.js";
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
  $ sintonia run --quick              everything at once, in about a minute
  $ sintonia run fashion-init         an experiment in full on this machine
  $ sintonia reproduce                all published experiments beside our figures; hours
  $ sintonia create my-study.yaml     start a study on a coordinator that runs somewhere
  $ sintonia watch my-study           follow it
  $ sintonia best my-study --download model/

The coordinator's address comes from --coordinator, else SINTONIA_COORDINATOR_ADDRESS, else 127.0.0.1:7230.
"sintonia run" prints the address of the one that it starts.`;

/**
 * Runs the program.
 *
 * @param args - what follows the program's name
 * @returns its exit code; output has been written, not necessarily flushed
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
    // Commander has printed its line already.
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
  ];
  for (const add of commands) add(program, context);
  return program;
}
