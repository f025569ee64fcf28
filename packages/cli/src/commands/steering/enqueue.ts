import type { ParameterValue } from "@sintonia/proto/sintonia/v1/study";
import { type Command, InvalidArgumentError } from "commander";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions } from "../options.js";
import { callOf } from "./steer.js";

type Values = Readonly<Record<string, ParameterValue>>;

interface EnqueueOptions extends ConnectionOptions {
  readonly value: Values;
}

const ENQUEUE_HELP = `
The trial comes before further trials of the oracle, which learns from its result. It counts in the budget. The same
values are enqueued once: to try them again after a failure, use retry.

Examples:
  $ sintonia enqueue my-study --value rate=0.003 --value units=64 --value activation=relu
  $ sintonia enqueue my-study --value 'width="64"'       a text that looks like a number`;

const RETRY_HELP = `
The failed trial stays as it is. The new trial has its values and another seed, and counts in the budget.

Example:
  $ sintonia retry my-study 7`;

/** Adds the command `enqueue`. */
export function addEnqueue(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Enqueue a trial with the values that you choose: one for each active parameter. Safe to repeat.")
    .requiredOption("--value <NAME=VALUE>", "value of a parameter; repeat the option for each", withValue)
    .addHelpText("after", ENQUEUE_HELP);
  addConnectionOptions(command).action(async (name: string | undefined, options: EnqueueOptions) => {
    const { found, answer } = await callOf(name, options, context, (client, { id: studyId }) =>
      client.enqueueTrial({ studyId, values: options.value }),
    );
    printEnqueued({ study: found.id, trial: answer.trialId, existed: answer.existed, retries: null }, options, context);
  });
}

/** Adds the command `retry`. */
export function addRetry(command: Command, context: CommandContext): void {
  command
    .argument("<STUDY>", "id or name of the study, or the first letters of its id")
    .argument("<TRIAL>", "id of the failed or cancelled trial")
    .description("Try the values of a failed or cancelled trial again, in a new trial. Safe to repeat.")
    .addHelpText("after", RETRY_HELP);
  addConnectionOptions(command).action(async (name: string, trialId: string, options: ConnectionOptions) => {
    const { found, answer } = await callOf(name, options, context, (client, { id: studyId }) =>
      client.retryTrial({ studyId, trialId }),
    );
    const enqueued = { study: found.id, trial: answer.trialId, existed: answer.existed, retries: trialId };
    printEnqueued(enqueued, options, context);
  });
}

/** An enqueued trial, as `--json` prints it. */
interface EnqueuedDocument {
  readonly study: string;
  /** Id that the trial has or will have. */
  readonly trial: string;
  /** True if an earlier call enqueued it. */
  readonly existed: boolean;
  /** The trial that it tries again; null for other values. */
  readonly retries: string | null;
}

function printEnqueued(document: EnqueuedDocument, options: ConnectionOptions, context: CommandContext): void {
  const { study, trial, existed, retries } = document;
  const task = retries === null ? "has the values" : `retries trial ${retries}`;
  const line = `Trial ${trial} of study ${study} ${task}${existed ? ", as before" : ""}.`;
  printResult(context, options, { document, lines: [line] });
}

/** Adds the value of an option such as `rate=0.003` to those of the options before. */
function withValue(text: string, values: Values = {}): Values {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Expected NAME=VALUE.");
  if (Object.hasOwn(values, name)) throw new InvalidArgumentError(`The parameter ${name} has two values.`);
  return { ...values, [name]: parameterValue(value) };
}

/** Reads a number, true, false or a quoted text as JSON, and everything else as it is. */
function parameterValue(text: string): ParameterValue {
  const value = parsedJson(text);
  if (typeof value === "number") return { kind: { $case: "doubleValue", value } };
  if (typeof value === "boolean") return { kind: { $case: "booleanValue", value } };
  return { kind: { $case: "categoricalValue", value: typeof value === "string" ? value : text } };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Ignored: a text without quotes.
    return undefined;
  }
}
