// Splits studies into messages of bounded size.

import type { Study as StudyMessage } from "@sintonia/proto/sintonia/v1/study";
import type { Study } from "../../../core/state/study.js";
import { pageFrom } from "../transfer/page.js";

/** Limit of the studies on a page. */
const STUDIES_MAX = 1_000;

/** Bytes of specs after which a page ends. A spec has at most one megabyte, a message four. */
const SPEC_BYTES_MAX = 2_000_000;

/** A page of studies in the order of their creation. */
interface StudyPage {
  readonly studies: StudyMessage[];
  /** Token of the next page; empty on the last page. */
  readonly nextPageToken: string;
}

/** The wanted page. */
interface PageRequest {
  /** Limit of the studies; 0 for the largest one. */
  readonly pageSize: number;
  /** The study after which the page begins; undefined for the first page. */
  readonly after: StudyPlace | undefined;
}

/** The place of a study in the order of creation. It stays if studies are added. */
interface StudyPlace {
  readonly createdAt: number;
  readonly id: string;
}

/**
 * Returns a page.
 *
 * @param studies - all studies, oldest first
 */
export function studyPage(
  studies: readonly Study[],
  { pageSize, after }: PageRequest,
  message: (study: Study) => StudyMessage,
): StudyPage {
  const found = after === undefined ? 0 : studies.findIndex((study) => follows(study, after));
  const { messages, end } = pageFrom(studies, found < 0 ? studies.length : found, {
    pageSize,
    itemsMax: STUDIES_MAX,
    bytesMax: SPEC_BYTES_MAX,
    messageOf: message,
    bytesOf: ({ specJson }) => Buffer.byteLength(specJson),
  });
  const last = studies[end - 1];
  return { studies: messages, nextPageToken: end < studies.length && last !== undefined ? tokenOf(last) : "" };
}

/** Reads a token. Returns undefined for a text that is none. */
export function studyPlace(token: string): StudyPlace | undefined {
  const [, createdAt, id] = /^(\d{1,16}):([a-z0-9-]{1,63})$/.exec(token) ?? [];
  return createdAt === undefined || id === undefined ? undefined : { createdAt: Number(createdAt), id };
}

function tokenOf({ createdAt, id }: StudyPlace): string {
  return `${createdAt}:${id}`;
}

function follows(study: Study, { createdAt, id }: StudyPlace): boolean {
  return study.createdAt > createdAt || (study.createdAt === createdAt && study.id > id);
}
