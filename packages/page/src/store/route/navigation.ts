import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { pathOfRoute, type Route, routeOf } from "./route.js";

/** Parameters of an address that name the state of a view. */
export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The address, as signals, and ways to change it. */
export interface Navigation {
  readonly route: ReadonlySignal<Route>;
  readonly query: ReadonlySignal<URLSearchParams>;
  /** Returns the address of a route for links. */
  href(route: Route, parameters?: Parameters): string;
  /** Goes to an address that `href` returned. */
  go(href: string): void;
  /** Changes parameters of the present address without a step in the history. */
  set(parameters: Parameters): void;
}

/** The part of the browser's window that navigation uses. */
export interface AddressBar {
  /** The present address: a path with its parameters. */
  read(): string;
  write(address: string, mode: "push" | "replace"): void;
  /** Calls back when the reader goes back or forward. */
  onChange(call: () => void): void;
}

/**
 * Starts navigation.
 *
 * @param prefix - text before the path in links; "#" in a report, which has no server
 */
export function startNavigation(bar: AddressBar, prefix = ""): Navigation {
  const address = signal(bar.read());
  bar.onChange(() => {
    address.value = bar.read();
  });
  const go = (to: string, mode: "push" | "replace"): void => {
    bar.write(to, mode);
    address.value = to;
  };
  const query = computed(() => new URLSearchParams(splitAddress(address.value).query));
  return {
    route: computed(() => routeOf(splitAddress(address.value).path)),
    query,
    href: (route, parameters) => prefix + withParameters(pathOfRoute(route), new URLSearchParams(), parameters),
    go: (href) => go(href.slice(prefix.length), "push"),
    set: (parameters) => {
      const to = withParameters(splitAddress(address.value).path, query.value, parameters);
      if (to !== address.value) go(to, "replace");
    },
  };
}

/** Returns the address of a path with changed parameters. Empty and undefined ones are left out. */
export function withParameters(path: string, query: URLSearchParams, parameters: Parameters = {}): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parameters)) {
    next.delete(name);
    for (const one of typeof value === "string" ? [value] : (value ?? [])) if (one !== "") next.append(name, one);
  }
  const text = next.toString();
  return text === "" ? path : `${path}?${text}`;
}

function splitAddress(address: string): { readonly path: string; readonly query: string } {
  const [path = "", query = ""] = address.split("?", 2);
  return { path: path || "/", query };
}
