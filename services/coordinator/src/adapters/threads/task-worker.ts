// The worker of TaskThread.

import { parentPort } from "node:worker_threads";
import type { TaskQuestion, TaskReply } from "./task-queue.js";
import { TASKS } from "./tasks.js";

parentPort?.on("message", (question: TaskQuestion) => parentPort?.postMessage(answer(question)));

function answer({ id, task, given }: TaskQuestion): TaskReply {
  try {
    return { id, result: (TASKS[task] as (...given: unknown[]) => unknown)(...given) };
  } catch (error) {
    return { id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
