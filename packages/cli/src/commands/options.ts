import { type Command, InvalidArgumentError, Option } from "commander";
import type { OutputOptions } from "./context.js";

const DEFAULT_COORDINATOR = "127.0.0.1:7230";

/** Options of the commands that call a coordinator. */
export interface ConnectionOptions extends OutputOptions {
  readonly coordinator: string;
}

/** Options of the commands that read studies. */
export interface ReadingOptions extends ConnectionOptions {
  readonly dir?: string;
}

/** Adds the options of every command that prints a result. */
export function addOutputOptions(command: Command): Command {
  return command
    .option("--json", "print the result as one JSON document on standard output")
    .option("--verbose", "show stack traces and debug logs");
}

/** Adds the options of a command that calls a coordinator. */
export function addConnectionOptions(command: Command): Command {
  const coordinator = new Option("--coordinator <HOST:PORT>", "address of the coordinator")
    .env("SINTONIA_COORDINATOR_ADDRESS")
    .default(DEFAULT_COORDINATOR)
    .argParser(parseAddress);
  return addOutputOptions(command.addOption(coordinator));
}

/** Adds the options of a command that reads studies. */
export function addReadingOptions(command: Command): Command {
  return addConnectionOptions(command).option(
    "--dir <DIR>",
    "read the studies of this run folder instead, even after its run has ended",
  );
}

/** Returns a parser of an option's value that accepts the integers from `min` to `max`. */
export function integerFrom(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected an integer from ${min} to ${max}.`);
    }
    return value;
  };
}

function parseAddress(text: string): string {
  const port = /^[^\s:]+:(\d+)$|^\[[0-9a-fA-F:]+\]:(\d+)$/.exec(text)?.slice(1).find(Boolean);
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new InvalidArgumentError("Expected HOST:PORT, for example 127.0.0.1:7230.");
  }
  return text;
}
