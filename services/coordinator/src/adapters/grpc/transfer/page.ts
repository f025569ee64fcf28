// Splits lists into messages of bounded size: an item is far below the other half of a message.

/** The limits of a page, and how an item becomes part of it. */
export interface PageRules<Item, Message> {
  /** Limit of the items that a client asks for; 0 or none for the largest one. */
  readonly pageSize?: number | undefined;
  /** Largest limit of the items. */
  readonly itemsMax: number;
  /** Bytes after which a page ends. */
  readonly bytesMax: number;
  readonly messageOf: (item: Item) => Message;
  /** Bytes that count of a message. */
  readonly bytesOf: (message: Message) => number;
}

/** A page, and the index after its last item. */
export interface Page<Message> {
  readonly messages: Message[];
  readonly end: number;
}

/** Returns the limit of the items on a page. */
export function itemLimit({ pageSize = 0, itemsMax }: Pick<PageRules<never, never>, "pageSize" | "itemsMax">): number {
  return pageSize === 0 ? itemsMax : Math.min(pageSize, itemsMax);
}

/** Returns the page that begins at an index. It has at least one item, if there is one. */
export function pageFrom<Item, Message>(
  items: readonly Item[],
  start: number,
  rules: PageRules<Item, Message>,
): Page<Message> {
  const limit = itemLimit(rules);
  const messages: Message[] = [];
  let bytes = 0;
  for (const item of items.slice(start, start + limit)) {
    if (bytes >= rules.bytesMax) break;
    const message = rules.messageOf(item);
    bytes += rules.bytesOf(message);
    messages.push(message);
  }
  return { messages, end: start + messages.length };
}
