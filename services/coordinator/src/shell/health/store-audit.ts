import { UserError } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { type StoreFacts, weaknesses } from "@sintonia/runtime/nats/audit/durability";

/**
 * Audits the store at the start. Names the ways in which it may lose acknowledged records.
 *
 * @returns true if there is none
 * @throws {UserError} if there is one and durability is required
 */
export async function auditStore(
  facts: () => Promise<StoreFacts>,
  { isRequired, logger }: { readonly isRequired: boolean; readonly logger: Logger },
): Promise<boolean> {
  const found = weaknesses(await facts());
  if (found.length === 0) return true;
  if (isRequired) {
    const answer = "mend it, or set SINTONIA_REQUIRE_DURABLE=false";
    throw new UserError(`NATS may lose acknowledged records: ${found.join("; ")}; ${answer}`);
  }
  logger.warn({ weaknesses: found }, "nats may lose acknowledged records");
  return false;
}
