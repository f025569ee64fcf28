import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TooManyQuestionsError } from "../ports/oracle-service.js";
import { SharedQuestions } from "./shared-questions.js";

describe("shared questions", () => {
  it("compute equal open questions once, and again after the answer", async () => {
    const questions = new SharedQuestions();
    let computed = 0;
    const ask = () => questions.ask("study", "importance", async () => ++computed);
    assert.deepEqual(await Promise.all(Array.from({ length: 500 }, ask)), Array(500).fill(1));
    assert.equal(await ask(), 2);
  });

  it("refuse a fifth open question about one study, and no question about another", async () => {
    const questions = new SharedQuestions();
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const ask = (studyId: string, question: string) => questions.ask(studyId, question, () => gate);
    const open = ["a", "b", "c", "d"].map((question) => ask("study", question));
    await assert.rejects(ask("study", "e"), TooManyQuestionsError);
    const other = ask("other", "e");
    release();
    await Promise.all([...open, other]);
    await ask("study", "e");
  });

  it("forget a question that failed", async () => {
    const questions = new SharedQuestions();
    await assert.rejects(
      questions.ask("study", "a", () => Promise.reject(new Error("fault"))),
      /fault/,
    );
    assert.equal(await questions.ask("study", "a", async () => 1), 1);
  });
});
