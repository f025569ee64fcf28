import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { connectionFault } from "@sintonia/runtime/grpc/connection-fault";
import type { ClientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { ClientError, Status } from "nice-grpc-common";
import { RunFolder } from "../../run/folder/run-folder.js";
import { openArchive } from "../../run/session/archive.js";
import { hasRunEnded, runSecurity, startedCoordinatorOf } from "../../run/session/running.js";
import { allStudies } from "../../study/all-studies.js";
import { findStudy } from "../../study/lookup.js";
import { CommandError, UsageError } from "../../system/usage-error.js";
import { type CommandContext, openDisplay } from "../context.js";
import { type ConnectionOptions, coordinatorAddress, coordinatorSecurity } from "../options.js";

/** A client of the studies that the options name. */
export interface StudiesAccess {
  readonly client: AdminServiceClient;
  /** False if no coordinator runs: the studies are read, and do not change. */
  readonly isRunning: boolean;
}

/** A coordinator, and how the command identifies itself to it. */
interface Coordinator {
  /** "host:port" */
  readonly address: string;
  readonly security: ClientSecurity;
}

/**
 * Connects to the admin service of a coordinator, calls `use`, and closes the connection.
 *
 * @throws {CommandError} if no coordinator answers at the address
 */
async function withCoordinator<T>(
  { address, security }: Coordinator,
  use: (client: AdminServiceClient) => Promise<T>,
): Promise<T> {
  const { connectAdminService } = await import("@sintonia/runtime/grpc/client");
  const { awaitLeader } = await import("./leaderless.js");
  const { client, close } = connectAdminService(address, security);
  try {
    return await use(awaitLeader(client));
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (error.code === Status.UNAUTHENTICATED) throw unknownCaller(address, error);
    if (error.code !== Status.UNAVAILABLE) throw error;
    throw isAnswer(error) ? error : noConnection(address, error);
  } finally {
    close();
  }
}

/** Tells whether a coordinator itself answered that it is not available: it says why. */
function isAnswer({ details }: ClientError): boolean {
  return details.startsWith("The coordinator ");
}

const NO_COORDINATOR = "NO_COORDINATOR";

const START = "start it, or name its address with --coordinator, or name a run folder with --dir";

const NAME_AUTHORITY =
  "if it has TLS, name the authority of its certificate with --ca-file or SINTONIA_COORDINATOR_CA_FILE";

/** What to do about a connection that TLS prevents. */
const TRUST_ADVICE = {
  "no-tls": "leave out --ca-file and SINTONIA_COORDINATOR_CA_FILE, or give the coordinator TLS",
  certificate:
    "check --ca-file, --cert-file and --key-file, or the variables SINTONIA_COORDINATOR_CA_FILE, " +
    "_CERT_FILE and _KEY_FILE",
};

function noConnection(address: string, cause: ClientError): CommandError {
  const { kind, reason } = connectionFault(cause.details);
  const facts = { coordinator: address };
  if (kind === "unreachable" || kind === "closed") {
    const advice = kind === "closed" ? `${NAME_AUTHORITY}; else ${START}` : START;
    return new CommandError(`no coordinator answers at ${address}: ${advice}`, { code: NO_COORDINATOR, facts, cause });
  }
  const message = `no secure connection to the coordinator at ${address} (${reason}): ${TRUST_ADVICE[kind]}`;
  return new CommandError(message, { code: "NO_TRUST", facts, cause });
}

function unknownCaller(address: string, cause: ClientError): CommandError {
  const message =
    `the coordinator at ${address} does not let this command in (${cause.details}): name a file with your token ` +
    'with --token-file or SINTONIA_COORDINATOR_TOKEN_FILE; an operator makes one with "sintonia token create"';
  return new CommandError(message, { code: "UNAUTHENTICATED", facts: { coordinator: address }, cause });
}

/**
 * Calls `use` with a client of the studies that the options name. With `--dir` these are the
 * studies of an exported file or of a run folder. A run folder is read through the first that
 * exists:
 *
 * - the coordinator of the run that works there,
 * - the copies that the last run left,
 * - a coordinator that is started on the store of the folder, after a run that was killed.
 *
 * If the run ends meanwhile, `use` is called again with what the run left.
 *
 * @throws {CommandError} if no coordinator answers, or if no run made the folder
 */
export async function withStudies<T>(
  options: ConnectionOptions,
  context: CommandContext,
  use: (access: StudiesAccess) => Promise<T>,
): Promise<T> {
  const { dir, coordinator } = options;
  const useRunning = (client: AdminServiceClient): Promise<T> => use({ client, isRunning: true });
  if (dir === undefined) {
    const address = coordinatorAddress(coordinator, context.env);
    const security = await coordinatorSecurity(options, address, context.env);
    return await withCoordinator({ address, security }, useRunning);
  }
  if (statSync(dir, { throwIfNoEntry: false })?.isFile()) {
    const { withExport } = await import("../../study/export/open-export.js");
    return await withExport(dir, (client) => use({ client, isRunning: false }));
  }
  for (;;) {
    const running = await startedCoordinatorOf(dir);
    if (running === undefined) return await withEndedRun({ ...options, dir }, context, use);
    try {
      const security = runSecurity(new RunFolder(resolve(dir)), running);
      return await withCoordinator({ address: running, security }, useRunning);
    } catch (error) {
      const isAbsent = error instanceof CommandError && error.code === NO_COORDINATOR;
      if (!isAbsent || !(await hasRunEnded(dir, running))) throw error;
    }
  }
}

/** Calls `use` with a client of the studies in a folder in which no run works. */
async function withEndedRun<T>(
  { dir, verbose = false }: ConnectionOptions & { readonly dir: string },
  context: CommandContext,
  use: (access: StudiesAccess) => Promise<T>,
): Promise<T> {
  const archived = await openArchive(new RunFolder(resolve(dir)));
  if (archived !== undefined) return await use({ client: archived, isRunning: false });
  const display = await openDisplay(context, { json: true });
  try {
    const { withStoredRun } = await import("../../run/session/stored-run.js");
    const stored = { dir, options: { verbose }, display, env: context.env };
    return await withStoredRun(stored, ({ client }) => use({ client, isRunning: false }));
  } finally {
    display.close();
  }
}

/**
 * Finds the study that the command line names.
 *
 * @param text - undefined for the study of a run folder
 * @throws {UsageError} if no study is named and no run folder either
 * @throws {CommandError} if no study or several have this name
 */
export async function requireStudy(
  client: AdminServiceClient,
  text: string | undefined,
  { dir }: Pick<ConnectionOptions, "dir">,
): Promise<Study> {
  if (text === undefined && dir === undefined) {
    throw new UsageError('name the study; "sintonia list" shows them', { code: "MISSING_ARGUMENT" });
  }
  const id = text ?? (dir === undefined ? undefined : ownStudyId(dir));
  const exact = id === undefined ? undefined : await studyOf(client, id);
  return exact ?? findStudy(await allStudies(client), text);
}

/** Returns the id of the study that a run folder was made for; undefined if it has several. */
function ownStudyId(dir: string): string | undefined {
  const marker = new RunFolder(resolve(dir)).readMarker();
  return marker?.kind === undefined ? marker?.studyId : undefined;
}

/** Returns the study with an id, undefined if there is none or if the text cannot be an id. */
async function studyOf(client: AdminServiceClient, studyId: string): Promise<Study | undefined> {
  try {
    return (await client.getStudy({ studyId })).study;
  } catch (error) {
    const isUnknown =
      error instanceof ClientError && (error.code === Status.NOT_FOUND || error.code === Status.INVALID_ARGUMENT);
    if (isUnknown) return undefined;
    throw error;
  }
}
