// The candidates for the last word of a command line. They come from the definitions of the
// commands themselves, so that a new option or a new value is completed at once.

import type { Argument, Command, Option } from "commander";
import type { CommandContext } from "../context.js";
import { valuesOf } from "./values.js";

/** The position of the word to complete. */
interface Position {
  readonly command: Command;
  /** Words between the name of the command and the word to complete. */
  readonly earlier: readonly string[];
  /** Word to complete, possibly empty. */
  readonly current: string;
}

/**
 * Returns one line for each candidate: the word, a tab, and a description. The lines `:files` and
 * `:folders` ask the shell to complete paths.
 *
 * @param program - the program, in which the code of the called command is loaded
 * @param words - words after the program's name, the last of which is to be completed
 */
export async function completionLines(
  program: Command,
  words: readonly string[],
  context: CommandContext,
): Promise<readonly string[]> {
  const current = words.at(-1) ?? "";
  const command = words.length < 2 ? undefined : program.commands.find((one) => one.name() === words[0]);
  const position = { command: command ?? program, earlier: words.slice(command === undefined ? 0 : 1, -1), current };
  if (command === undefined && words.length > 1 && words[0] !== "help") return [];
  const candidates = await candidatesAt(position, context);
  return candidates.filter((line) => line.startsWith(":") || line.startsWith(current));
}

async function candidatesAt(position: Position, context: CommandContext): Promise<readonly string[]> {
  const { command, earlier, current } = position;
  const option = optionBefore(position);
  if (option !== undefined) return await valuesOf(option, option.argChoices, { earlier, context });
  if (current.startsWith("-")) return optionLines(position);
  if (command.parent === null) return command.commands.map((one) => described(one.name(), one.summary()));
  const argument = argumentAt(position);
  if (argument === undefined) return [];
  return await valuesOf({ flags: argument.name() }, argument.argChoices, { earlier, context });
}

/** Returns the option whose value is to be completed. */
function optionBefore({ command, earlier }: Position): Option | undefined {
  const name = earlier.at(-1);
  const option = name === undefined ? undefined : findOption(command, name);
  return option !== undefined && takesValue(option) ? option : undefined;
}

function optionLines({ command, earlier }: Position): readonly string[] {
  const isFree = (option: Option): boolean => option.variadic || !earlier.includes(option.long ?? "");
  const options = command.createHelp().visibleOptions(command).filter(isFree);
  return options.map(({ long, short, description }) => described(long ?? short ?? "", description));
}

function argumentAt({ command, earlier }: Position): Argument | undefined {
  const isValue = (word: string, i: number): boolean => {
    const option = findOption(command, earlier[i - 1] ?? "");
    return !word.startsWith("-") && !(option !== undefined && takesValue(option));
  };
  return command.registeredArguments[earlier.filter(isValue).length];
}

function findOption(command: Command, name: string): Option | undefined {
  return command.options.find(({ long, short }) => name === long || name === short);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** Returns a line with the first sentence of a description. */
function described(word: string, description: string): string {
  const sentence = description.split(/[;:(]/, 1)[0] ?? "";
  return `${word}\t${sentence.trim()}`;
}
