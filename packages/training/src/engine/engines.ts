import { ENGINE_NAMES, type Engine, type EngineName } from "./contract/engine.js";
import { UnknownEngineError } from "./contract/engine-error.js";
import { DEFAULT_GPU_SETTINGS, type GpuSettings } from "./contract/engine-settings.js";
import { startOnnxEngine } from "./onnx/start-onnx.js";
import { startTfjsEngine } from "./tfjs/start-tfjs.js";

export interface EngineOptions {
  /** Threads that one operation may use on the CPU. At least 1; results repeat to the bit for 1. @default 1 */
  readonly threads?: number;
  /** TensorFlow reads it once in a process, when its first engine starts. @default DEFAULT_GPU_SETTINGS */
  readonly gpu?: GpuSettings | undefined;
  /**
   * Imports an engine's library. Optional libraries are dependencies of the program, not of this package, so the
   * program passes `(specifier) => import(specifier)`. @default imports from this package
   */
  readonly importModule?: ImportModule;
}

export type ImportModule = (specifier: string) => Promise<unknown>;

/**
 * Loads an engine's library and checks that it can compute here. No engine takes another's place: a GPU engine without
 * a GPU is an error.
 *
 * @throws {EngineUnavailableError} if the library is missing, does not load, or finds no device
 */
export async function startEngine(name: EngineName, options: EngineOptions = {}): Promise<Engine> {
  const settings = {
    threads: options.threads ?? 1,
    gpu: options.gpu ?? DEFAULT_GPU_SETTINGS,
    importModule: options.importModule ?? ((specifier: string): Promise<unknown> => import(specifier)),
  };
  return name === "onnx" ? startOnnxEngine(settings) : startTfjsEngine(name, settings);
}

/** @throws {UnknownEngineError} if `text` is no engine's name */
export function parseEngineName(text: string): EngineName {
  const name = ENGINE_NAMES.find((known) => known === text);
  if (name === undefined) throw new UnknownEngineError(text, ENGINE_NAMES);
  return name;
}
