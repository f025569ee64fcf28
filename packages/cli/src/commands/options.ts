import { readConfig } from "@sintonia/runtime/config";
import type { ClientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { nearestName } from "@sintonia/tuning/validation/nearest-name";
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../system/usage-error.js";
import type { OutputOptions } from "./context.js";

const COORDINATOR_VARIABLE = "SINTONIA_COORDINATOR_ADDRESS";
const DEFAULT_COORDINATOR = "127.0.0.1:7230";

/** Options with which a command identifies itself to a coordinator. */
interface IdentityOptions {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/** Options of the commands that call a coordinator or read a run folder. */
export interface ConnectionOptions extends OutputOptions, IdentityOptions {
  readonly coordinator?: string;
  readonly dir?: string;
}

/** Adds the options of every command that prints a result. */
export function addOutputOptions(command: Command): Command {
  return command
    .option("--json", "print the result as one JSON document on standard output")
    .option("--no-color", "print without colour, as with NO_COLOR in the environment")
    .option("--verbose", "show stack traces and debug logs");
}

/** Adds the options of a command that calls a coordinator or reads a run folder. */
export function addConnectionOptions(command: Command): Command {
  const description = `address of the coordinator (default: ${COORDINATOR_VARIABLE}, or else ${DEFAULT_COORDINATOR})`;
  return addOutputOptions(
    command
      .option("--coordinator <HOST:PORT>", description, parseAddress)
      .option("--token-file <FILE>", orVariable("file with your token for the coordinator", "TOKEN_FILE"), parsePath)
      .option("--ca-file <FILE>", orVariable("authority of the coordinator's certificate", "CA_FILE"), parsePath)
      .option("--cert-file <FILE>", orVariable("your certificate for the coordinator", "CERT_FILE"), parsePath)
      .option("--key-file <FILE>", orVariable("the key of your certificate", "KEY_FILE"), parsePath)
      .option(
        "--dir <DIR>",
        "use the studies of this run folder, or of this exported file, instead; even after the run has ended",
        parsePath,
      ),
  );
}

function orVariable(description: string, name: string): string {
  return `${description} (default: SINTONIA_COORDINATOR_${name})`;
}

/**
 * Returns how a command identifies itself to a coordinator: by the options, or by the environment.
 *
 * @throws {UserError} if a variable or a file cannot be used
 */
export async function coordinatorSecurity(
  { caFile, certFile, keyFile, tokenFile }: IdentityOptions,
  address: string,
  env: NodeJS.ProcessEnv,
): Promise<ClientSecurity> {
  const { CLIENT_SECURITY_VARIABLES, clientSecurity } = await import("@sintonia/runtime/grpc/security/client-security");
  const given = {
    coordinatorCaFile: caFile,
    coordinatorCertFile: certFile,
    coordinatorKeyFile: keyFile,
    coordinatorTokenFile: tokenFile,
  };
  const options = Object.fromEntries(Object.entries(given).filter(([, path]) => path !== undefined));
  return clientSecurity({ ...readConfig(CLIENT_SECURITY_VARIABLES, env), ...options }, address);
}

/** Options of the commands that read a data set. */
export interface DataOptions {
  readonly dataDir?: string;
  readonly installMissing?: boolean;
}

/** Adds the options of a command that reads a data set. */
export function addDataOptions(command: Command): Command {
  return command
    .option("--data-dir <DIR>", "folder with the data set's files; no other folder is searched", parsePath)
    .option(
      "--install-missing",
      "install missing packages (nats-server, data) with apt-get or brew, if this needs no password",
    );
}

/**
 * Returns the address of the coordinator: that of the option, of the environment, or the default.
 *
 * @throws {UsageError} if the environment's value is no address
 */
export function coordinatorAddress(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const variable = env[COORDINATOR_VARIABLE];
  if (option !== undefined || !variable) return option ?? DEFAULT_COORDINATOR;
  if (areAddresses(variable)) return variable;
  throw new UsageError(`${COORDINATOR_VARIABLE} is ${variable}; ${ADDRESS_FORM}`);
}

/** Adds the argument that names a study. `requireStudy` finds the study. */
export function addStudyArgument(command: Command): Command {
  return command.argument("[STUDY]", "id or name of the study, or the first letters of its id");
}

/** Returns an option with a fixed set of values. A mistyped value is answered with the nearest. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices).argParser(parserOf(choices));
}

/** Returns an argument with a fixed set of values, like `choiceOption`. */
export function choiceArgument(name: string, description: string, choices: readonly string[]): Argument {
  return new Argument(name, description).choices(choices).argParser(parserOf(choices));
}

function parserOf(choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text;
    const nearest = nearestName(text, choices);
    const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}${hint}`);
  };
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

/** Reads a share: a number above 0, at most 1. */
export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value <= 1)) {
    throw new InvalidArgumentError("Expected a number above 0, at most 1.");
  }
  return value;
}

/** Refuses an empty path, as an unset variable of a shell gives it. */
export function parsePath(text: string): string {
  if (text === "") throw new InvalidArgumentError("Expected a path.");
  return text;
}

const ADDRESS_FORM = "Expected HOST:PORT, for example 127.0.0.1:7230; several with commas between them.";

function parseAddress(text: string): string {
  if (!areAddresses(text)) throw new InvalidArgumentError(ADDRESS_FORM);
  return text;
}

/** Tells whether a text is the address of a coordinator, or of several that elect a leader. */
function areAddresses(text: string): boolean {
  return text.split(",").every((part) => isAddress(part.trim()));
}

function isAddress(text: string): boolean {
  const port = /^[^\s:]+:(\d+)$|^\[[0-9a-fA-F:]+\]:(\d+)$/.exec(text)?.slice(1).find(Boolean);
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}
