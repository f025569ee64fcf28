import { describe } from "node:test";
import { startEngine } from "../engines.js";
import { ENGINE_NAMES, type Engine, type EngineName } from "./engine.js";
import { EngineUnavailableError } from "./engine-error.js";

/** Starts an engine. Undefined if tfjs-node or tfjs-node-gpu is not available here. */
async function startIfAvailable(name: EngineName): Promise<Engine | undefined> {
  try {
    return await startEngine(name);
  } catch (error) {
    if (error instanceof EngineUnavailableError && name.startsWith("tfjs-node")) return undefined;
    throw error;
  }
}

/** Starts every engine that works on this machine. */
export async function availableEngines(): Promise<Engine[]> {
  const engines: Engine[] = [];
  for (const name of ENGINE_NAMES) {
    const engine = await startIfAvailable(name);
    if (engine !== undefined) engines.push(engine);
  }
  return engines;
}

/** Declares the same tests for every engine. The tests of a missing engine are skipped by name. */
export async function describeEngines(contract: (engine: Engine) => void): Promise<void> {
  // All at first: tests that run select the backend of their engine while another one starts.
  const engines = await availableEngines();
  for (const name of ENGINE_NAMES) {
    const engine = engines.find((one) => one.name === name);
    describe(`engine ${name}`, { skip: engine === undefined && `${name} is not installed here` }, () => {
      if (engine !== undefined) contract(engine);
    });
  }
}
