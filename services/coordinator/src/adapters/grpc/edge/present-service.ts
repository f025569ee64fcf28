import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import type { CallerContext } from "@sintonia/runtime/grpc/security/authentication";
import type { CompatServiceDefinition, ServiceImplementation } from "nice-grpc";
import { Status } from "nice-grpc-common";

type Handler = (request: unknown, context: unknown) => unknown;

/**
 * Returns an implementation that passes each call to the present implementation of the service: a
 * coordinator has another one in each term. Without one the call is UNAVAILABLE.
 */
export function presentService<D extends CompatServiceDefinition>(
  definition: D,
  present: () => ServiceImplementation<D, CallerContext> | undefined,
): ServiceImplementation<D, CallerContext> {
  const handlers = Object.keys(definition.methods).map((name): [string, Handler] => {
    const handle: Handler = (request, context) => {
      const implementation = present() as Readonly<Record<string, Handler>> | undefined;
      const handler = implementation?.[name];
      if (handler === undefined)
        throw refusal(Status.UNAVAILABLE, "The coordinator does not lead.", { reason: "NOT_LEADING" });
      return handler(request, context);
    };
    return [name, handle];
  });
  return Object.fromEntries(handlers) as unknown as ServiceImplementation<D, CallerContext>;
}
