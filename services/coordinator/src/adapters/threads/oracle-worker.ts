// The thread's side of OracleThread.

import { parentPort } from "node:worker_threads";
import { ORACLE_TASKS } from "./oracle-tasks.js";
import type { OracleQuestion, OracleReply } from "./oracle-thread.js";

parentPort?.on("message", (question: OracleQuestion) => parentPort?.postMessage(answer(question)));

function answer({ id, task, given }: OracleQuestion): OracleReply {
  try {
    return { id, result: (ORACLE_TASKS[task] as (...given: unknown[]) => unknown)(...given) };
  } catch (error) {
    return { id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
