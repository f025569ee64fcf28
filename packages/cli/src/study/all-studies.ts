import type { AdminServiceClient, SetAsideStudy } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";

/** The call that lists studies. */
type ListingClient = Pick<AdminServiceClient, "listStudies">;

/** Options of the calls. */
interface CallOptions {
  readonly signal?: AbortSignal;
  /** Deadline of each call in ms, for clients with a connection. */
  readonly deadline?: number;
}

/** Every study of a coordinator. */
export interface StudyListing {
  /** Oldest first. */
  readonly studies: readonly Study[];
  /** Studies whose logs cannot be read. */
  readonly setAside: readonly SetAsideStudy[];
}

/** Reads every study of a coordinator, oldest first. */
export async function allStudies(client: ListingClient, options: CallOptions = {}): Promise<readonly Study[]> {
  return (await listing(client, options)).studies;
}

/** Reads every study of a coordinator, page by page, and those that are set aside. */
export async function listing(client: ListingClient, options: CallOptions = {}): Promise<StudyListing> {
  const { studies, setAside = [], nextPageToken = "" } = await client.listStudies({}, options);
  const all = [...studies];
  for (let pageToken = nextPageToken; pageToken !== ""; ) {
    const page = await client.listStudies({ pageToken }, options);
    all.push(...page.studies);
    pageToken = page.nextPageToken ?? "";
  }
  return { studies: all, setAside };
}
