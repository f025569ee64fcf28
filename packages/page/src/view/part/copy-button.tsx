import { useSignal } from "@preact/signals";
import { useTexts } from "./context.js";

/** Copies a text to the clipboard. */
export function CopyButton({ text }: { text: string }) {
  const texts = useTexts();
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    isCopied.value = true;
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {isCopied.value ? texts.common.copied : texts.common.copy}
    </button>
  );
}
