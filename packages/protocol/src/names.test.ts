import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nameOf, SHA256, STUDY_ID, TRAINER_ID, TRIAL_ID } from "./names.js";

const FORMS = { STUDY_ID, TRIAL_ID, TRAINER_ID, SHA256 };

/** Texts that must not reach a path, a subject, a terminal or a log line. */
const HOSTILE = [
  "",
  "../../etc/passwd",
  "/etc/passwd",
  "a/b",
  "..",
  "a.b",
  "a\0b",
  "a\n",
  "\u001b[2J",
  "\u202eevil",
  "\u2028",
  "a\ud800",
  "x".repeat(129),
  `${"0".repeat(63)}g`,
  "0".repeat(65),
  "A".repeat(64),
];

describe("names from outside", () => {
  for (const [name, form] of Object.entries(FORMS)) {
    it(`refuses a hostile text as ${name}`, () => {
      // A trainer's id appears in no path and no subject.
      const isHarmless = (text: string) => form === TRAINER_ID && /^[ -~]{1,128}$/.test(text);
      for (const text of HOSTILE) {
        if (!isHarmless(text)) assert.equal(form.parse(text), undefined, JSON.stringify(text));
      }
    });
  }

  it("returns a text of the form unchanged", () => {
    assert.equal(STUDY_ID.parse("my-study-a5f11c"), "my-study-a5f11c");
    assert.equal(TRIAL_ID.parse("02"), "02");
    assert.equal(TRAINER_ID.parse("Zürich 1-5f3a9c"), "Zürich 1-5f3a9c");
    assert.equal(SHA256.parse("0a".repeat(32)), "0a".repeat(32));
  });

  it("throws for a text that the program made wrongly", () => {
    assert.throws(() => nameOf(SHA256, "../x"), /"\.\.\/x" must be 64 lower-case hexadecimal digits/);
  });
});
