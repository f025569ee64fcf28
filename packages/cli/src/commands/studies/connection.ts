import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { UserError } from "@sintonia/runtime/errors";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { ClientError, Status } from "nice-grpc";
import { coordinatorOf, withStoredRun } from "../../run/session/stored-run.js";
import { type CommandContext, openDisplay } from "../context.js";
import type { ReadingOptions } from "../options.js";

/**
 * Calls `use` with a client of the coordinator's admin service, and closes the connection after it.
 *
 * @throws {UserError} if nobody answers at the address
 */
export async function withCoordinator<T>(address: string, use: (client: AdminServiceClient) => Promise<T>): Promise<T> {
  const { client, close } = connectAdminService(address);
  try {
    return await use(client);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== Status.UNAVAILABLE) throw error;
    const advice = "is it running there, or does --coordinator name another place?";
    throw new UserError(`no coordinator answers at ${address}: ${advice}`, { cause: error });
  } finally {
    close();
  }
}

/**
 * Calls `use` with a client of the coordinator that has the studies which the options name: one that runs somewhere, or one on
 * the store of a run folder.
 *
 * @throws {UserError} if there is none
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
  const display = openDisplay(context, { json: true });
  try {
    return await withStoredRun({ dir, display, env: context.env, verbose }, use);
  } finally {
    display.close();
  }
}
