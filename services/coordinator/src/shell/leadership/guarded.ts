import { StoreUnavailableError } from "../../ports/study-log.js";

/**
 * Returns a store whose named methods act only while this coordinator leads. A caller repeats them,
 * until the leadership is confirmed or the term ends: a call that was delayed, for example in a
 * suspended process, does no harm to the work of another leader.
 *
 * @throws {StoreUnavailableError} from a named method while the leadership is not confirmed
 */
export function whileLeading<S extends object>(store: S, methods: readonly (keyof S)[], isLeading: () => boolean): S {
  return new Proxy(store, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== "function") return value;
      if (!methods.includes(property as keyof S)) return value.bind(target);
      return async (...args: unknown[]): Promise<unknown> => {
        if (!isLeading()) throw new StoreUnavailableError("the leadership of this coordinator is not confirmed");
        return await value.apply(target, args);
      };
    },
  });
}
