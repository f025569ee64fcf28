import { Command, CommanderError } from "commander";
import type { CommandContext } from "./commands/context.js";
import { type ExitCode, failureOf } from "./commands/failure.js";
import { installedVersion } from "./system/installation.js";
import { printableLine } from "./system/printable.js";

/** Adds description, options and action to a command, which has its name and its arguments. */
type AddCommand = (command: Command, context: CommandContext) => void;

/** A command, whose code is loaded only when it is called. */
interface CommandEntry {
  /** Name and arguments. A test compares them with those that the command itself defines. */
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<AddCommand>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    usage: "run [SPEC]",
    summary: "run a study on this machine, from start to results",
    load: async () => (await import("./commands/runs/run.js")).addRun,
  },
  {
    usage: "reproduce",
    summary: "run the published experiments, and print our figures beside the published ones",
    load: async () => (await import("./commands/runs/reproduce.js")).addReproduce,
  },
  {
    usage: "open [STUDY]",
    summary: "open the live page in the browser",
    load: async () => (await import("./commands/runs/open.js")).addOpen,
  },
  {
    usage: "create <SPEC>",
    summary: "start a study on a coordinator",
    load: async () => (await import("./commands/studies/create.js")).addCreate,
  },
  {
    usage: "list",
    summary: "list the studies",
    load: async () => (await import("./commands/studies/list.js")).addList,
  },
  {
    usage: "show [STUDY] [TRIAL]",
    summary: "show a study and its trials",
    load: async () => (await import("./commands/studies/show.js")).addShow,
  },
  {
    usage: "watch [STUDY]",
    summary: "follow a study until it ends",
    load: async () => (await import("./commands/studies/watch.js")).addWatch,
  },
  {
    usage: "events [STUDY] [TRIAL]",
    summary: "tell what happened in a study or to a trial, from its log",
    load: async () => (await import("./commands/studies/events.js")).addEvents,
  },
  {
    usage: "stop [STUDY]",
    summary: "stop a study",
    load: async () => (await import("./commands/steering/stop.js")).addStop,
  },
  {
    usage: "pause [STUDY]",
    summary: "pause a study: no further trial begins",
    load: async () => (await import("./commands/steering/pause.js")).addPause,
  },
  {
    usage: "resume [STUDY]",
    summary: "resume a paused study",
    load: async () => (await import("./commands/steering/pause.js")).addResume,
  },
  {
    usage: "cancel <STUDY> <TRIAL>",
    summary: "cancel a trial: the study goes on",
    load: async () => (await import("./commands/steering/cancel.js")).addCancel,
  },
  {
    usage: "enqueue [STUDY]",
    summary: "choose the values of a trial",
    load: async () => (await import("./commands/steering/enqueue.js")).addEnqueue,
  },
  {
    usage: "retry <STUDY> <TRIAL>",
    summary: "try the values of a failed or cancelled trial again",
    load: async () => (await import("./commands/steering/enqueue.js")).addRetry,
  },
  {
    usage: "extend [STUDY]",
    summary: "give a study a larger budget of trials, also after its end",
    load: async () => (await import("./commands/steering/extend.js")).addExtend,
  },
  {
    usage: "delete [STUDY]",
    summary: "delete a study and all that is stored of it",
    load: async () => (await import("./commands/storage/delete.js")).addDelete,
  },
  {
    usage: "export [STUDY]",
    summary: "write an ended study into one file",
    load: async () => (await import("./commands/storage/export.js")).addExport,
  },
  {
    usage: "import <FILE>",
    summary: "store an exported study on a coordinator",
    load: async () => (await import("./commands/storage/import.js")).addImport,
  },
  {
    usage: "best [STUDY]",
    summary: "show the best trial and download its model",
    load: async () => (await import("./commands/studies/best.js")).addBest,
  },
  {
    usage: "explain <STUDY> <TRIAL>",
    summary: "explain why a trial has its values",
    load: async () => (await import("./commands/trials/explain.js")).addExplain,
  },
  {
    usage: "logs <STUDY> <TRIAL>",
    summary: "print what the program of a trial writes, while it runs and afterwards",
    load: async () => (await import("./commands/trials/logs.js")).addLogs,
  },
  {
    usage: "importance [STUDY]",
    summary: "show how much each parameter matters",
    load: async () => (await import("./commands/studies/importance.js")).addImportance,
  },
  {
    usage: "plot [STUDY] [PLOT]",
    summary: "draw a study as text: history, learning curves, slice, importance",
    load: async () => (await import("./commands/pictures/plot.js")).addPlot,
  },
  {
    usage: "report [STUDY]",
    summary: "write a study into one file, with pictures and text",
    load: async () => (await import("./commands/pictures/report.js")).addReport,
  },
  {
    usage: "trainers",
    summary: "list the trainers and what they train",
    load: async () => (await import("./commands/trainers/list.js")).addTrainers,
  },
  {
    usage: "cordon <TRAINER>",
    summary: "give a trainer no further trial",
    load: async () => (await import("./commands/trainers/cordon.js")).addCordon,
  },
  {
    usage: "drain <TRAINER>",
    summary: "give a trainer no further trial, and take its present one back",
    load: async () => (await import("./commands/trainers/cordon.js")).addDrain,
  },
  {
    usage: "uncordon <TRAINER>",
    summary: "give a cordoned trainer trials again",
    load: async () => (await import("./commands/trainers/cordon.js")).addUncordon,
  },
  {
    usage: "predict <DIR> <FILE>",
    summary: "predict new rows with the model of a study of your own data",
    load: async () => (await import("./commands/standalone/predict.js")).addPredict,
  },
  {
    usage: "oracle",
    summary: "ask an oracle for values and tell it results, from any program",
    load: async () => (await import("./commands/standalone/oracle.js")).addOracle,
  },
  {
    usage: "token <ACTION>",
    summary: "make a token for a coordinator that lets in only known callers",
    load: async () => (await import("./commands/standalone/token.js")).addToken,
  },
  {
    usage: "nats-users",
    summary: "make the users of NATS for coordinators and trainers",
    load: async () => (await import("./commands/standalone/nats-users.js")).addNatsUsers,
  },
  {
    usage: "init <EXAMPLE> [DIR]",
    summary: "write a working example of a study into a folder",
    load: async () => (await import("./commands/standalone/init.js")).addInit,
  },
  {
    usage: "schema",
    summary: "print the JSON Schema of the study spec",
    load: async () => (await import("./commands/standalone/schema.js")).addSchema,
  },
  {
    usage: "completion <SHELL>",
    summary: "print the script that completes commands, options and values in a shell",
    load: async () => (await import("./commands/completion/completion.js")).addCompletion,
  },
];

const EXAMPLES = `
Examples:
  $ sintonia run --quick                        see every part at work, in about a minute
  $ sintonia run fashion-init                   run a whole experiment on this machine
  $ sintonia show --dir runs/fashion-init       read its results, during the run and afterwards
  $ sintonia reproduce                          run all published experiments and compare the figures; takes hours
  $ sintonia create my-study.yaml               start a study on a coordinator that is already running
  $ sintonia watch my-study                     follow the study until it ends
  $ sintonia best my-study --download model/    show the best trial and download its model
  $ sintonia COMMAND --help                     explain a command, with examples

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
  context: Omit<CommandContext, "args" | "exitCode">,
): Promise<ExitCode> {
  const { stdin, stdout, stderr, env } = context;
  const running: CommandContext = { args, stdin, stdout, stderr, env, exitCode: 0 };
  try {
    if (args[0] === "__complete") return await complete(args.slice(1), running);
    const words = withoutUnknownHelp(args);
    await (await createProgram(running, calledCommand(words))).parseAsync(words, { from: "user" });
    return running.exitCode;
  } catch (error) {
    // The text of --help and --version has been printed.
    if (error instanceof CommanderError && (error.exitCode === 0 || error.code === "commander.help")) {
      return error.exitCode === 0 ? 0 : 2;
    }
    const form = { json: args.includes("--json"), verbose: args.includes("--verbose") };
    const { code, lines } = failureOf(error, form);
    for (const line of lines) context.stderr.write(`${line.split("\n").map(printableLine).join("\n")}\n`);
    return code;
  }
}

/** Prints the candidates for the last of the words of a command line, for a shell's completion. */
async function complete(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { completionLines } = await import("./commands/completion/candidates.js");
  const program = await createProgram(context, words[0]);
  const lines = await completionLines(program, words, context);
  context.stdout.write(lines.map((line) => `${line}\n`).join(""));
  return 0;
}

/** Removes the word `help` before an unknown command, so that the refusal names the command. */
function withoutUnknownHelp(args: readonly string[]): readonly string[] {
  const [help, name = "-"] = args;
  const isKnown = name.startsWith("-") || name === "help" || COMMANDS.some(({ usage }) => usage.split(" ")[0] === name);
  return help === "help" && !isKnown ? args.slice(1) : args;
}

/** Returns the command that the arguments call or ask help for. */
function calledCommand(args: readonly string[]): string | undefined {
  return args[0] === "help" ? args[1] : args[0];
}

/**
 * Creates the program.
 *
 * @param called - the only command whose code is loaded; the others have just a name and a summary
 */
async function createProgram(context: CommandContext, called: string | undefined): Promise<Command> {
  const version = installedVersion();
  const program = new Command("sintonia")
    .description("Tunes the hyperparameters of neural networks across many trainers.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [COMMAND]", "explain a command, with examples")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      // `runProgram` prints the error.
      outputError: () => undefined,
    })
    .addHelpText("after", EXAMPLES);
  for (const { usage, summary, load } of COMMANDS) {
    const name = usage.split(" ")[0] as string;
    const command = program.command(name === called ? name : usage).summary(summary);
    if (name === called) (await load())(command, context);
    command.version(version, "-V, --version", "print the version");
  }
  return program;
}
