import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { ClientError, Status } from "nice-grpc";
import type { AdminClient } from "../support/service-process.js";
import type { PodCluster } from "./pod-cluster.js";

/**
 * Calls the leader at an address. Repeats the call while no coordinator leads: between two leaders,
 * coordinators ask for a repeat.
 */
export async function callLeader<T>(
  cluster: Pick<PodCluster, "until">,
  address: string,
  use: (client: AdminClient) => Promise<T>,
): Promise<T> {
  const { client, close } = connectAdminService(address);
  let answer: T | undefined;
  try {
    await cluster.until("no coordinator leads", async () => {
      answer = await use(client).catch(rethrowUnlessUnavailable);
      return answer !== undefined;
    });
    return answer as T;
  } finally {
    close();
  }
}

function rethrowUnlessUnavailable(error: unknown): undefined {
  if (error instanceof ClientError && error.code === Status.UNAVAILABLE) return undefined;
  throw error;
}
