import {
  type CallContext,
  ServerError,
  type ServerMiddleware,
  type ServerMiddlewareCall,
  Status,
} from "nice-grpc-common";
import type { Logger } from "../logger.js";
import { refusal } from "./refusal/refusal.js";

/**
 * Logs every call and hides unexpected errors from the caller. A ServerError passes unchanged. Any
 * other error is logged with its cause, and the caller receives INTERNAL without details.
 */
export function callLog(logger: Logger): ServerMiddleware {
  return async function* logCall<Request, Response>(
    call: ServerMiddlewareCall<Request, Response>,
    context: CallContext,
  ) {
    const fields = { method: call.method.path, peer: context.peer };
    try {
      const response = yield* call.next(call.request, context);
      logger.trace({ ...fields, code: "OK" }, "call answered");
      return response;
    } catch (err) {
      if (err instanceof ServerError) {
        logger.debug({ ...fields, code: Status[err.code], details: err.details }, "call refused");
        throw err;
      }
      // The caller ended the call: nice-grpc answers CANCELLED.
      if (err instanceof Error && err.name === "AbortError") throw err;
      logger.error({ ...fields, err }, "call failed");
      throw refusal(Status.INTERNAL, "internal error; see the log of the service", { reason: "INTERNAL" });
    }
  };
}
