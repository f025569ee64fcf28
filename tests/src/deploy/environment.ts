// Checks an environment from a Dockerfile or a manifest with the config of a service.

import { readCoordinatorConfig } from "@sintonia/coordinator/config";
import { readTrainerConfig } from "@sintonia/trainer/config";
import type { ServiceName } from "./repository.js";

export type Environment = Readonly<Record<string, string>>;

const READERS: Readonly<Record<ServiceName, (env: Environment) => unknown>> = {
  coordinator: readCoordinatorConfig,
  trainer: readTrainerConfig,
};

/**
 * Returns the SINTONIA_ variables that the config of a service does not read.
 *
 * @throws {UserError} if the config refuses a value
 */
export function variablesUnknownTo(service: ServiceName, env: Environment): readonly string[] {
  const unread = new Set(Object.keys(env).filter((name) => name.startsWith("SINTONIA_")));
  const watched = new Proxy(env, {
    get: (target, name) => {
      unread.delete(String(name));
      return target[String(name)];
    },
  });
  READERS[service](watched);
  return [...unread];
}
