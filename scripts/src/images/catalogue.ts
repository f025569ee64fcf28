/** One image of Sintonia. */
export interface Image {
  readonly name: ImageName;
  /** Path of the Dockerfile from the root. */
  readonly dockerfile: string;
  readonly purpose: string;
  /** Image that this one starts from; undefined for the base with Node. */
  readonly parent?: ImageName;
  /** Files of the folder of bills of materials that only this image has. */
  readonly materials?: readonly string[];
}

/** The name of an image without its prefix "sintonia-". */
export type ImageName = "coordinator" | "trainer" | "trainer-tfjs" | "trainer-gpu" | "program";

/** All images. A parent comes before its children. */
export const IMAGES: readonly Image[] = [
  { name: "coordinator", dockerfile: "services/coordinator/Dockerfile", purpose: "the coordinator" },
  { name: "trainer", dockerfile: "services/trainer/Dockerfile", purpose: "a trainer with the engines onnx and tfjs" },
  {
    name: "trainer-tfjs",
    dockerfile: "services/trainer/tfjs.Dockerfile",
    purpose: "the trainer with the engine tfjs-node too",
    parent: "trainer",
    materials: ["libraries.txt"],
  },
  {
    name: "trainer-gpu",
    dockerfile: "services/trainer/gpu.Dockerfile",
    purpose: "the trainer with the engine tfjs-node-gpu and CUDA 12",
    parent: "trainer",
    materials: ["libraries.txt"],
  },
  {
    name: "program",
    dockerfile: "clients/Dockerfile",
    purpose: "the trainer with Python and our client, a base for images with users' programs",
    parent: "trainer",
  },
];

/**
 * Returns the wanted images with their parents, in the order of their builds.
 *
 * @param names - the wanted names; empty for all
 * @returns undefined if a name is unknown
 */
export function imagesToBuild(names: readonly string[]): readonly Image[] | undefined {
  if (names.length === 0) return IMAGES;
  if (names.some((name) => IMAGES.every((image) => image.name !== name))) return undefined;
  const wanted = new Set(names);
  for (const { name, parent } of IMAGES) if (wanted.has(name) && parent !== undefined) wanted.add(parent);
  return IMAGES.filter(({ name }) => wanted.has(name));
}
