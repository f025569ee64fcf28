import assert from "node:assert/strict";
import { test } from "node:test";
import { studyIdOf } from "@sintonia/protocol/names.fixture";
import { Scenario, specOf } from "../../../core/scenario.fixture.js";
import { byCreation } from "../../../shell/studies.js";
import { studyMessage } from "../messages/study-messages.js";
import { studyPage, studyPlace } from "./study-pages.js";

const { study } = new Scenario(specOf());
const message = (listed: typeof study) => studyMessage(listed, { activeMs: 0 });

/** Returns studies, two of each millisecond, oldest first. */
function studiesOf(count: number, description = "") {
  const spec = { ...study.spec, description };
  const make = (_: unknown, n: number) => ({ ...study, spec, id: studyIdOf(`s-${n}`), createdAt: Math.floor(n / 2) });
  return Array.from({ length: count }, make).sort(byCreation);
}

function pagesOf(studies: readonly (typeof study)[], pageSize: number): string[][] {
  const pages: string[][] = [];
  for (let token = ""; pages.length === 0 || token !== ""; ) {
    const page = studyPage(studies, { pageSize, after: studyPlace(token) }, message);
    pages.push(page.studies.map(({ id }) => id));
    token = page.nextPageToken;
  }
  return pages;
}

test("pages have each study once, in order, at most 1,000 a page", () => {
  const studies = studiesOf(2_345);
  for (const pageSize of [0, 7, 1_000, 100_000]) {
    const pages = pagesOf(studies, pageSize);
    assert.deepEqual(
      pages.flat(),
      studies.map(({ id }) => id),
    );
    assert.ok(pages.every(({ length }) => length <= (pageSize === 7 ? 7 : 1_000)));
  }
});

test("a page of large specs stays below four megabytes", () => {
  const studies = studiesOf(12, "x".repeat(900_000));
  for (const page of pagesOf(studies, 0)) assert.ok(page.length <= 3);
  assert.equal(pagesOf(studies, 0).flat().length, 12);
});

test("there is one empty page if there are no studies, and none for text that is no token", () => {
  assert.deepEqual(pagesOf([], 0), [[]]);
  for (const text of ["", "x", "1", "1:../..", `${"9".repeat(17)}:a`]) assert.equal(studyPlace(text), undefined, text);
});
