import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { QuestionDeadlineError, TooManyQuestionsError } from "../../ports/oracle-service.js";
import { TASK_RULES, type TaskQuestion, TaskQueue, type TaskReply } from "./task-queue.js";

/** A thread that answers when the test says so. */
class ScriptedWorkers {
  readonly asked: string[] = [];
  started = 0;
  ended = 0;
  #reply: (reply: TaskReply) => void = () => {};
  #die: (error: Error) => void = () => {};
  #question: TaskQuestion | undefined;

  readonly start = (listeners: { onReply: (reply: TaskReply) => void; onDeath: (error: Error) => void }) => {
    this.started += 1;
    this.#reply = listeners.onReply;
    this.#die = listeners.onDeath;
    const post = (question: TaskQuestion) => {
      this.#question = question;
      this.asked.push(`${question.task} ${question.id}`);
    };
    const end = async () => {
      this.ended += 1;
    };
    return { post, end };
  };

  answer(result: unknown): void {
    this.#reply({ id: this.#question?.id ?? 0, result });
  }

  die(): void {
    this.#die(new Error("out of memory"));
  }
}

describe("the queue of a task thread", () => {
  let workers: ScriptedWorkers;
  let queue: TaskQueue;
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    workers = new ScriptedWorkers();
    queue = new TaskQueue(workers.start);
  });
  afterEach(() => mock.timers.reset());

  const ask = (task: "readSpec" | "importance" | "explain") => queue.ask(task, ["x"] as never);

  it("answers specs before explanations and these before importances, equal ones in order", async () => {
    const answers = (["importance", "importance", "explain", "readSpec"] as const).map(ask);
    for (const result of ["a", "b", "c", "d"]) workers.answer(result);
    assert.deepEqual(workers.asked, ["importance 1", "readSpec 4", "explain 3", "importance 2"]);
    assert.deepEqual(await Promise.all(answers), ["a", "d", "c", "b"]);
    assert.equal(workers.started, 1);
  });

  it("starts a thread once, before the first question if it is asked to", async () => {
    queue.start();
    queue.start();
    const answer = ask("readSpec");
    workers.answer("a");
    assert.equal(await answer, "a");
    assert.equal(workers.started, 1);
  });

  it("refuses questions beyond the limit of their kind at once, and answers the others", async () => {
    const { waitingMax } = TASK_RULES.importance;
    const calls = Array.from({ length: 500 }, () => ask("importance"));
    const settled = Promise.allSettled(calls);
    const spec = ask("readSpec");
    workers.answer(1);
    workers.answer("spec");
    assert.equal(await spec, "spec", "it comes second");
    for (let n = 0; n < waitingMax; n++) workers.answer(n);
    const outcomes = await settled;
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, waitingMax + 1);
    const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    assert.ok(refusals.every((error) => error instanceof TooManyQuestionsError));
  });

  it("rejects a question at its deadline, ends the thread that computes it, and goes on with a new one", async () => {
    const slow = ask("readSpec");
    const waiting = ask("importance");
    const rejected = assert.rejects(slow, QuestionDeadlineError);
    mock.timers.tick(TASK_RULES.readSpec.deadlineMs);
    await rejected;
    assert.deepEqual([workers.started, workers.ended], [2, 1]);
    workers.answer("answer");
    assert.equal(await waiting, "answer");
  });

  it("rejects a waiting question at its deadline and keeps the thread", async () => {
    const running = ask("importance");
    mock.timers.tick(10);
    const waiting = ask("readSpec");
    const rejected = assert.rejects(waiting, QuestionDeadlineError);
    mock.timers.tick(TASK_RULES.readSpec.deadlineMs);
    await rejected;
    workers.answer("late");
    assert.equal(await running, "late");
    assert.deepEqual([workers.started, workers.ended], [1, 0]);
  });

  it("rejects only the present question when the thread dies", async () => {
    const [first, second] = [ask("explain"), ask("explain")];
    const rejected = assert.rejects(first, /out of memory/);
    workers.die();
    await rejected;
    workers.answer("answer");
    assert.equal(await second, "answer");
    assert.equal(workers.started, 2);
  });

  it("rejects every question when it closes", async () => {
    const outcomes = Promise.allSettled([ask("explain"), ask("readSpec")]);
    await queue.close();
    assert.ok((await outcomes).every(({ status }) => status === "rejected"));
    assert.equal(workers.ended, 1);
  });
});
