// The thread's side of OracleThread.

import { parentPort } from "node:worker_threads";
import { createOracle } from "@sintonia/tuning/oracle/create";
import type { OracleQuestion, OracleReply } from "./oracle-thread.js";

parentPort?.on("message", ({ id, oracle, request }: OracleQuestion) => {
  parentPort?.postMessage(answer(id, () => createOracle(oracle)(request)));
});

function answer(id: number, suggest: () => Extract<OracleReply, { suggestion: unknown }>["suggestion"]): OracleReply {
  try {
    return { id, suggestion: suggest() };
  } catch (error) {
    return { id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
