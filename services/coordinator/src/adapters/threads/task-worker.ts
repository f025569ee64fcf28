// The worker of TaskThread.

import { parentPort } from "node:worker_threads";
import { ReceivedRequests } from "./request-changes.js";
import type { SentQuestion, TaskReply } from "./task-queue.js";
import { TASKS } from "./tasks.js";

const received = new ReceivedRequests();

parentPort?.on("message", (question: SentQuestion) => parentPort?.postMessage(answer(question)));

function answer({ id, task, given, request }: SentQuestion): TaskReply {
  try {
    const all = request === undefined ? given : [...given, received.after(request)];
    return { id, result: (TASKS[task] as (...given: unknown[]) => unknown)(...all) };
  } catch (error) {
    return { id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
