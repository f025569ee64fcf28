import type { CallContext, ServerMiddleware } from "nice-grpc-common";

interface Method {
  readonly name: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** A service definition, as ts-proto generates it. */
interface Definition {
  readonly fullName: string;
  readonly methods: Readonly<Record<string, Method>>;
}

type Handler = (request: unknown, context: CallContext) => unknown;

/** Returns an implementation whose calls pass through a middleware, as in a gRPC server. */
export function behind(definition: Definition, implementation: object, middleware: ServerMiddleware): object {
  const handlers = implementation as Readonly<Record<string, Handler>>;
  const calls = Object.entries(definition.methods).map(([key, method]) => {
    const path = `/${definition.fullName}/${method.name}`;
    const handler = handlers[key] as Handler;
    const pass = method.responseStream ? streamed(handler) : unary(handler);
    const run = (request: unknown, context: CallContext) => {
      const call = { ...method, method: { path, options: {} }, request, next: pass } as unknown;
      return middleware(call as Parameters<ServerMiddleware>[0], context);
    };
    return [key, method.responseStream ? run : (...args: Parameters<Handler>) => returned(run(...args))];
  });
  return Object.fromEntries(calls);
}

function unary(handler: Handler) {
  // biome-ignore lint/correctness/useYield: a call with one answer returns it, as nice-grpc has it
  return async function* (request: unknown, context: CallContext): AsyncGenerator<never, unknown> {
    return await handler(request, context);
  };
}

function streamed(handler: Handler) {
  return (request: unknown, context: CallContext) => handler(request, context) as AsyncGenerator<unknown>;
}

/** Returns what the generator of a call with one answer returns. */
export async function returned(generator: AsyncGenerator<unknown, unknown>): Promise<unknown> {
  const { value } = await generator.next();
  return value;
}
