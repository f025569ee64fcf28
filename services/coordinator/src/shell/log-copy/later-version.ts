import { eventFault, RECORD_VERSION, recordShape } from "../study/record-schema.js";

/**
 * Tells whether a later version of the coordinator wrote a record: its form is newer, or it has an
 * event of an unknown type. Such a record is not damaged, so that no copy may replace it.
 */
export function isOfLaterVersion(body: Uint8Array): boolean {
  const content = contentOf(body);
  const { data } = recordShape.safeParse(content);
  if (data !== undefined) return data.events.some((event) => eventFault(event)?.kind === "unknown-type");
  const version = typeof content === "object" && content !== null && "version" in content ? content.version : undefined;
  return Number.isSafeInteger(version) && (version as number) > RECORD_VERSION;
}

/** Parses a record; undefined if it is not JSON. */
function contentOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
