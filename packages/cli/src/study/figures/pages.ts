/** A page of a list. */
interface Page<Item> {
  readonly items: readonly Item[];
  /** Empty after the last page. */
  readonly nextPageToken: string;
}

/** Reads every page of a list. @param read - reads the page of a token, empty for the first */
export async function allPages<Item>(read: (pageToken: string) => Promise<Page<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  let pageToken = "";
  do {
    const { items, nextPageToken } = await read(pageToken);
    all.push(...items);
    pageToken = nextPageToken;
  } while (pageToken !== "");
  return all;
}
