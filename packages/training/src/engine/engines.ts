import { ENGINE_NAMES, type Engine, type EngineName } from "./contract/engine.js";
import { UnknownEngineError } from "./contract/engine-error.js";
import { DEFAULT_GPU_SETTINGS, type EngineSettings } from "./contract/engine-settings.js";
import { startOnnxEngine } from "./onnx/onnx-engine.js";
import { startTfjsEngine } from "./tfjs/tfjs-engine.js";

/** The table of engines. */
const ENGINES: Readonly<Record<EngineName, (settings: EngineSettings) => Promise<Engine>>> = {
  onnx: startOnnxEngine,
  "tfjs-node-gpu": (settings) => startTfjsEngine("tfjs-node-gpu", settings),
  "tfjs-node": (settings) => startTfjsEngine("tfjs-node", settings),
  tfjs: (settings) => startTfjsEngine("tfjs", settings),
};

/** Engine settings, each optional. */
type EngineOptions = { readonly [Name in keyof EngineSettings]?: EngineSettings[Name] | undefined };

/**
 * Loads an engine's library and checks that the engine can compute on this machine. A GPU engine
 * without a GPU is an error: no engine replaces another.
 *
 * @param options - absent settings have their defaults
 * @throws {EngineUnavailableError} if the library is missing, does not load, or finds no device
 */
export async function startEngine(name: EngineName, options: EngineOptions = {}): Promise<Engine> {
  return ENGINES[name]({
    threads: options.threads ?? 1,
    gpu: options.gpu ?? DEFAULT_GPU_SETTINGS,
    importModule: options.importModule ?? ((specifier) => import(specifier)),
  });
}

/**
 * Parses an engine's name.
 *
 * @throws {UnknownEngineError} if no engine has this name
 */
export function parseEngineName(text: string): EngineName {
  const name = ENGINE_NAMES.find((known) => known === text);
  if (name === undefined) throw new UnknownEngineError(text, ENGINE_NAMES);
  return name;
}
