/** Engines that compute in JavaScript alone. */
const SLOW_ENGINES: ReadonlySet<string> = new Set(["tfjs"]);

/**
 * Returns the warning about an engine that is slower than the default by orders of magnitude;
 * undefined for any other engine.
 *
 * @param option - engine of the command line, which comes before that of the environment
 */
export function engineWarning(option: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const engine = option ?? env["SINTONIA_ENGINE"] ?? "";
  if (!SLOW_ENGINES.has(engine)) return undefined;
  return (
    `Warning     engine ${engine} computes in JavaScript and is about 100 times slower than onnx, the default; ` +
    "tfjs-node is the same code with native kernels (./scripts/build-tfjs-native)"
  );
}
