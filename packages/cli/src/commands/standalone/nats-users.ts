import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@sintonia/runtime/errors";
import { DEFAULT_PREFIX, NATS_ROLES, NatsNames, PREFIX_EXPECTED, PREFIX_FORM } from "@sintonia/runtime/nats/names";
import { createNkey } from "@sintonia/runtime/nats/nkey";
import type { Command } from "commander";
import { type NatsUser, permitted } from "../../nats/server-config.js";
import { CommandError, UsageError } from "../../system/usage-error.js";
import { type CommandContext, type OutputOptions, printResult } from "../context.js";
import { addOutputOptions, parsePath } from "../options.js";

interface NatsUsersOptions extends OutputOptions {
  readonly folder: string;
  readonly prefix: string;
}

/** The file with the users, for the configuration of nats-server. */
const USERS = "users.conf";

const HELP = `
A NATS without users lets everybody write the logs of studies, and a coordinator refuses it. The command makes two
users, which may do what a coordinator and a trainer need and nothing else, and writes three files:
  users.conf         the users with their public keys; the configuration of nats-server says: include users.conf
  coordinator.seed   the coordinator's secret, for SINTONIA_NATS_NKEY_FILE
  trainer.seed       the trainers' secret, for SINTONIA_NATS_NKEY_FILE

Examples:
  $ sintonia nats-users --folder nats
  $ sintonia nats-users --folder nats-team-a --prefix team-a`;

/** Adds the command `nats-users`. */
export function addNatsUsers(command: Command, context: CommandContext): void {
  command
    .description("Make the users of NATS for coordinators and trainers, with the permissions that they need.")
    .requiredOption("--folder <DIR>", "folder for the files; created if missing, no file is overwritten", parsePath)
    .option("--prefix <PREFIX>", "beginning of the names of streams (SINTONIA_NATS_PREFIX)", DEFAULT_PREFIX)
    .addHelpText("after", HELP);
  addOutputOptions(command).action((options: NatsUsersOptions) => create(options, context));
}

function create(options: NatsUsersOptions, context: CommandContext): void {
  const { folder, prefix } = options;
  if (!PREFIX_FORM.test(prefix))
    throw new UsageError(`--prefix is ${JSON.stringify(prefix)}, must be ${PREFIX_EXPECTED}`);
  const keys = NATS_ROLES.map((role) => ({ role, ...createNkey() }));
  const files = [
    {
      name: USERS,
      text: usersConfig(
        keys.map(({ role, publicKey: nkey }) => ({ role, nkey })),
        new NatsNames(prefix),
      ),
    },
    ...keys.map(({ role, seed }) => ({ name: `${role}.seed`, text: `${seed}\n` })),
  ];
  const paths = write(folder, files);
  printResult(context, options, { document: { folder, prefix, files: paths }, lines: paths });
}

function usersConfig(users: readonly NatsUser[], names: NatsNames): string {
  return `authorization { users: ${JSON.stringify(permitted(users, names), undefined, 2)} }\n`;
}

/** Writes files that only this user reads, all or none. Returns their paths. */
function write(folder: string, files: readonly { name: string; text: string }[]): readonly string[] {
  const paths = files.map(({ name }) => join(folder, name));
  const present = paths.find((path) => existsSync(path));
  const facts = { folder };
  if (present !== undefined) {
    const message = `${present} exists and is kept; name another folder, or delete the files to make new users`;
    throw new CommandError(message, { code: "NATS_USERS_EXIST", facts });
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const { name, text } of files) writeFileSync(join(folder, name), text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const message = `${folder}: cannot write the users: ${messageOf(error)}`;
    throw new CommandError(message, { code: "NATS_USERS_FILE", facts, cause: error });
  }
  return paths;
}
