// The part of the WebAssembly API that the kernels use. TypeScript declares the API in its DOM
// library only.

declare namespace WebAssembly {
  interface MemoryDescriptor {
    /** Initial size in pages of 64 KiB. */
    readonly initial: number;
    /** Largest size in pages of 64 KiB. @default the engine's limit */
    readonly maximum?: number;
  }

  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: ArrayBuffer;
    /**
     * Adds pages and detaches the earlier `buffer`.
     *
     * @returns the previous number of pages
     */
    grow(pages: number): number;
  }

  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>);
    readonly exports: unknown;
  }
}
