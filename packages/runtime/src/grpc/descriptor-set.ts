import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Reads the descriptors of package sintonia.v1 and its imports, for the reflection service. */
export function readDescriptorSet(): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve("@sintonia/proto/sintonia.binpb"));
}
