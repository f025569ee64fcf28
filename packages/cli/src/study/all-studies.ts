import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";

/** Reads every study of a coordinator, oldest first. */
export async function allStudies(client: Pick<AdminServiceClient, "listStudies">): Promise<readonly Study[]> {
  return (await client.listStudies({})).studies;
}
