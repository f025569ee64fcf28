// The oracle's requests on their way to a thread. A study of many trials asks again and again with
// nearly the same lists. The sender remembers what the thread has, and sends what differs.

import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";

/**
 * Limit of list items that one thread keeps for all studies, about 60 MB. Beyond it, the studies
 * that did not ask for longest are forgotten, and sent as a whole when they ask again.
 */
const ITEMS_MAX = 200_000;

/** Items for which a study without observations counts. */
const STUDY_ITEMS = 20;

type Fields = Readonly<Record<string, unknown>>;

/** A field that differs from the one before. */
type FieldChange =
  | { readonly value: unknown }
  /** A list with the first and last items of the one before, and others between them. */
  | { readonly first: number; readonly items: readonly unknown[]; readonly last: number };

/** A request as its difference from the study's one before. */
export interface RequestChange {
  /** Number of the study. */
  readonly study: number;
  /** The fields that differ, by name; undefined for one that the request no longer has. */
  readonly fields: Readonly<Record<string, FieldChange | undefined>>;
  /** Numbers of the studies to forget. */
  readonly forgotten: readonly number[];
}

interface Sent {
  readonly study: number;
  readonly fields: Fields;
  readonly items: number;
}

/** What a thread has received. One for each thread. */
export class SentRequests {
  readonly #itemsMax: number;
  /** The last request of each study by its search space, the one that asked last at the end. */
  readonly #sent = new Map<object, Sent>();
  #lastStudy = 0;
  #items = 0;

  constructor(itemsMax = ITEMS_MAX) {
    this.#itemsMax = itemsMax;
  }

  /** Returns what the thread needs to know the request. */
  changeTo(request: SuggestionRequest): RequestChange {
    const fields = { ...request } as Fields;
    const before = this.#sent.get(request.space);
    const study = before?.study ?? ++this.#lastStudy;
    this.#forget(request.space);
    this.#keep(request.space, { study, fields, items: itemsOf(fields) });
    return { study, fields: changes(before?.fields ?? {}, fields), forgotten: this.#forgetOldest(request.space) };
  }

  #keep(space: object, sent: Sent): void {
    this.#sent.set(space, sent);
    this.#items += sent.items;
  }

  #forget(space: object): void {
    this.#items -= this.#sent.get(space)?.items ?? 0;
    this.#sent.delete(space);
  }

  #forgetOldest(present: object): readonly number[] {
    const forgotten: number[] = [];
    for (const [space, { study }] of this.#sent) {
      if (this.#items <= this.#itemsMax || space === present) break;
      this.#forget(space);
      forgotten.push(study);
    }
    return forgotten;
  }
}

/** The requests that a thread has received. */
export class ReceivedRequests {
  readonly #received = new Map<number, Fields>();

  /** Returns the request after a change. */
  after({ study, fields, forgotten }: RequestChange): SuggestionRequest {
    for (const other of forgotten) this.#received.delete(other);
    const next: Record<string, unknown> = { ...this.#received.get(study) };
    for (const [name, change] of Object.entries(fields)) {
      if (change === undefined) delete next[name];
      else next[name] = "value" in change ? change.value : changedList(next[name] as readonly unknown[], change);
    }
    this.#received.set(study, next);
    return next as unknown as SuggestionRequest;
  }
}

function changedList(
  before: readonly unknown[] = [],
  { first, items, last }: Exclude<FieldChange, { readonly value: unknown }>,
): readonly unknown[] {
  return [...before.slice(0, first), ...items, ...before.slice(before.length - last)];
}

function changes(before: Fields, after: Fields): RequestChange["fields"] {
  const changed: Record<string, FieldChange | undefined> = {};
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) changed[name] = undefined;
  for (const [name, value] of Object.entries(after)) {
    const known = before[name];
    if (value === known) continue;
    changed[name] = Array.isArray(value) ? listChange(Array.isArray(known) ? known : [], value) : { value };
  }
  return changed;
}

function listChange(before: readonly unknown[], after: readonly unknown[]): FieldChange {
  const shorter = Math.min(before.length, after.length);
  let first = 0;
  while (first < shorter && before[first] === after[first]) first += 1;
  let last = 0;
  while (last < shorter - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
  return { first, items: after.slice(first, after.length - last), last };
}

function itemsOf(fields: Fields): number {
  const lists = Object.values(fields).filter(Array.isArray);
  return lists.reduce((items, { length }) => items + length, STUDY_ITEMS);
}
