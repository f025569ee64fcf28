// Offers of trainers in words, for a person.

import type { Offer, UnfitTrainers } from "./fit.js";

const GIB = 2 ** 30;

/** Returns an offer in words, such as "onnx, flavour small, no GPU, 7.6 GiB". */
function offerText({ engine, flavour, gpus, memoryBytes }: Offer): string {
  const gpuText = gpus === 0 ? "no GPU" : `${gpus} ${gpus === 1 ? "GPU" : "GPUs"}`;
  const memory = memoryBytes === 0 ? "memory unknown" : `${Math.floor((10 * memoryBytes) / GIB) / 10} GiB`;
  return [engine || "engine unknown", flavour ? `flavour ${flavour}` : "no flavour", gpuText, memory].join(", ");
}

/** Returns a sentence about the offers of trainers, with the number of trainers that make each. */
export function offersText({ count, offers }: UnfitTrainers): string {
  const [only] = offers;
  if (count === 1 && only !== undefined) return `The only one that lives has ${offerText(only.offer)}.`;
  const named = offers.map((group) => `${group.count} with ${offerText(group.offer)}`);
  const rest = count - offers.reduce((sum, group) => sum + group.count, 0);
  const all = [...named, ...(rest > 0 ? [`${rest} with other equipment`] : [])].join("; ");
  return `The ${count} that live are: ${all}.`;
}

/** Tells a group of trainers in words, as the subject of a sentence with its verb. */
export function allOf(count: number, { unfit = 0 }: { readonly unfit?: number } = {}): string {
  const which = unfit > 0 ? " with its resources" : "";
  return count === 1 ? `The only trainer${which} is` : `All ${count} trainers${which} are`;
}
