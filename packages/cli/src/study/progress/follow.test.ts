import assert from "node:assert/strict";
import { test } from "node:test";
import { WatchStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { ClientError, Status } from "nice-grpc";
import { aCompletedTrial, aStudy } from "../study.fixture.js";
import { type FollowOptions, followStudy } from "./follow.js";

const message = (state: StudyState): WatchStudyResponse =>
  WatchStudyResponse.fromPartial({ study: aStudy({ state }), trials: [] } as never);

/** A coordinator that answers each call with the next stream: messages, and how the stream ends. */
function scripted(
  streams: { messages: StudyState[]; error?: Status }[],
  options: Partial<FollowOptions> = {},
): FollowOptions {
  let clock = 0;
  return {
    client: {
      async *watchStudy() {
        const { messages, error } = streams.shift() ?? { messages: [], error: Status.UNAVAILABLE };
        for (const state of messages) yield message(state);
        if (error !== undefined) throw new ClientError("/watch", error, "scripted");
      },
    },
    studyId: "mnist-init",
    onChange: () => undefined,
    signal: new AbortController().signal,
    absenceMaxMs: 5_000,
    sleep: async (ms) => {
      clock += ms;
    },
    now: () => clock,
    ...options,
  };
}

test("returns the progress at the study's end", async () => {
  const options = scripted([{ messages: [StudyState.ACTIVE, StudyState.COMPLETED] }]);
  assert.equal((await followStudy(options)).study.state, StudyState.COMPLETED);
});

test("reconnects after an absence of the coordinator and after a stream that ended early", async () => {
  const options = scripted([
    { messages: [StudyState.ACTIVE], error: Status.UNAVAILABLE },
    { messages: [], error: Status.UNAVAILABLE },
    { messages: [StudyState.ACTIVE] },
    { messages: [StudyState.STOPPED] },
  ]);
  assert.equal((await followStudy(options)).study.state, StudyState.STOPPED);
});

test("joins the messages of one update", async () => {
  const parts = [
    { study: aStudy({ state: StudyState.COMPLETED }), trials: [aCompletedTrial("00", 0.9)], moreTrials: true },
    { study: aStudy({ state: StudyState.COMPLETED, specJson: "" }), trials: [aCompletedTrial("01", 0.8)] },
  ];
  const changes: number[] = [];
  const { study, trials } = await followStudy({
    ...scripted([]),
    client: {
      async *watchStudy() {
        for (const part of parts) yield WatchStudyResponse.fromPartial(part as never);
      },
    },
    onChange: ({ progress }) => changes.push(progress.trials.size),
  });
  assert.deepEqual([changes, [...trials.keys()], study.specJson], [[2], ["00", "01"], aStudy().specJson]);
});

test("rejects after the longest permitted absence of the coordinator", async () => {
  await assert.rejects(followStudy(scripted([])), (error: ClientError) => error.code === Status.UNAVAILABLE);
});

test("rejects a coordinator whose streams all fail after their first update, or end without one", async () => {
  for (const stream of [
    { messages: [StudyState.ACTIVE], error: Status.INTERNAL },
    { messages: [StudyState.ACTIVE], error: Status.UNKNOWN },
    { messages: [] },
  ]) {
    await assert.rejects(followStudy(scripted(new Array(30).fill(stream))), JSON.stringify(stream));
  }
});

test("waits for a coordinator that was absent after a long silence", async () => {
  let clock = 0;
  const streams = [StudyState.ACTIVE, undefined, StudyState.COMPLETED];
  const options = scripted([], {
    now: () => clock,
    client: {
      async *watchStudy() {
        const state = streams.shift();
        if (state !== undefined) yield message(state);
        if (state === StudyState.ACTIVE) clock += 3_600_000;
        throw new ClientError("/watch", Status.UNAVAILABLE, "scripted");
      },
    },
  });
  assert.equal((await followStudy(options)).study.state, StudyState.COMPLETED);
});

test("does not repeat a request that was refused", async () => {
  const options = scripted([{ messages: [], error: Status.NOT_FOUND }, { messages: [StudyState.COMPLETED] }]);
  await assert.rejects(followStudy(options), (error: ClientError) => error.code === Status.NOT_FOUND);
});

test("rejects with the signal's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const options = scripted([{ messages: [StudyState.ACTIVE] }, { messages: [StudyState.ACTIVE] }], {
    signal: controller.signal,
    onChange: () => controller.abort(reason),
  });
  await assert.rejects(followStudy(options), reason);
});
