import { resolve } from "node:path";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { UserError } from "@sintonia/runtime/errors";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { ClientError, Status } from "nice-grpc";
import { RunFolder } from "../../run/folder/run-folder.js";
import { openArchive } from "../../run/session/archive.js";
import { coordinatorOf, withStoredRun } from "../../run/session/stored-run.js";
import { type CommandContext, openDisplay } from "../context.js";
import type { ReadingOptions } from "../options.js";

/**
 * Connects to the admin service of a coordinator, calls `use`, and closes the connection.
 *
 * @throws {UserError} if no coordinator answers at the address
 */
export async function withCoordinator<T>(address: string, use: (client: AdminServiceClient) => Promise<T>): Promise<T> {
  const { client, close } = connectAdminService(address);
  try {
    return await use(client);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== Status.UNAVAILABLE) throw error;
    const advice = "start it, or name its address with --coordinator";
    throw new UserError(`no coordinator answers at ${address}: ${advice}`, { cause: error });
  } finally {
    close();
  }
}

/**
 * Calls `use` with a client of the coordinator that the options name. With `--dir` this is the
 * coordinator of the run in that folder, or, if no run works there, a coordinator that is started
 * on the folder's store.
 *
 * @throws {UserError} if no coordinator answers, or if no run made the folder
 */
export async function withStudies<T>(
  options: ReadingOptions,
  context: CommandContext,
  use: (client: AdminServiceClient) => Promise<T>,
): Promise<T> {
  const { dir, coordinator, verbose = false } = options;
  if (dir === undefined) return await withCoordinator(coordinator, use);
  const running = coordinatorOf(dir);
  if (running !== undefined) return await withCoordinator(running, use);
  const archived = await openArchive(new RunFolder(resolve(dir)));
  if (archived !== undefined) return await use(archived);
  const display = openDisplay(context, { json: true });
  try {
    return await withStoredRun({ dir, display, env: context.env, verbose }, use);
  } finally {
    display.close();
  }
}
