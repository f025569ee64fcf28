import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { UserError } from "@sintonia/runtime/errors";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { ClientError, Status } from "nice-grpc";

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
