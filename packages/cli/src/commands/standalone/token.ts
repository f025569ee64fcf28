import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { CALLER_NAME_FORM, isCallerName, ROLES, type Role } from "@sintonia/protocol/caller";
import { systemReasonOf } from "@sintonia/runtime/errors";
import type { Command } from "commander";
import { CommandError, UsageError } from "../../system/usage-error.js";
import { type CommandContext, type OutputOptions, printResult } from "../context.js";
import { addOutputOptions, choiceArgument, choiceOption, parsePath } from "../options.js";

interface TokenOptions extends OutputOptions {
  readonly role: Role;
  readonly name: string;
  readonly file: string;
}

const HELP = `
The command prints the token, which cannot be printed again, and appends its SHA-256 to the file that
SINTONIA_GRPC_TOKENS_FILE of the coordinator names. The coordinator reads the file again within a second. To withdraw a
token, delete its line.

The name of a trainer's token is the trainer's name (SINTONIA_TRAINER_NAME), or the beginning of the names of several
trainers and an asterisk: such trainers are not protected from each other.

Examples:
  $ sintonia token create --role operator --name ada --file tokens
  $ umask 077; sintonia token create --role trainer --name 'gpu-*' --file tokens > trainer.token`;

/** Adds the command `token`. */
export function addToken(command: Command, context: CommandContext): void {
  command
    .addArgument(choiceArgument("<ACTION>", "create: make a token", ["create"]))
    .description("Make a token, with which a person or a trainer identifies itself to a coordinator.")
    .addOption(choiceOption("--role <ROLE>", "what the bearer may do", ROLES).makeOptionMandatory())
    .requiredOption("--name <NAME>", "name of the bearer in messages and in the audit log")
    .requiredOption("--file <FILE>", "file of the coordinator's tokens; created if missing", parsePath)
    .addHelpText("after", HELP);
  addOutputOptions(command).action((_: string, options: TokenOptions) => create(options, context));
}

async function create(options: TokenOptions, context: CommandContext): Promise<void> {
  const { role, name, file } = options;
  if (!isCallerName(name)) throw new UsageError(`--name is ${JSON.stringify(name)}, must be ${CALLER_NAME_FORM}`);
  const { createToken, TokenList } = await import("@sintonia/runtime/grpc/security/token-list");
  const { token, line } = createToken({ role, name });
  try {
    const present = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    TokenList.parse(present);
    const start = present.length === 0 || present.at(-1) === 0x0a ? "" : "\n";
    appendFileSync(file, `${start}${line}\n`, { mode: 0o600 });
  } catch (error) {
    const message = `${file}: cannot append a token: ${systemReasonOf(error)}`;
    throw new CommandError(message, { code: "TOKENS_FILE", facts: { file }, cause: error });
  }
  printResult(context, options, { document: { token, role, name, file }, lines: [token] });
}
