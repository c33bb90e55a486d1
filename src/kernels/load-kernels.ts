import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KernelFunctions } from "./kernel-functions.ts";
import { KernelMemory } from "./kernel-memory.ts";
import { type Kernels, setKernels } from "./kernels.ts";

let loaded: Kernels | null | undefined;

/** The kernels, loaded when first needed; null where they were not built, or this machine cannot run them. */
export function loadKernels(): Kernels | null {
  if (loaded === undefined) {
    loaded = load();
    setKernels(loaded);
  }
  return loaded;
}

/** Lets the kernels go with all of their memory, which never shrinks; the next call loads others. */
export function dropKernels(): void {
  loaded = undefined;
  setKernels(null);
}

/** Bytes of their memory. */
export function kernelMemoryBytes(): number {
  return loaded?.memory.buffer.byteLength ?? 0;
}

/** What is used of it; the types of Node do not tell. */
const { Module, Instance } = (
  globalThis as unknown as {
    WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } };
  }
).WebAssembly;

let compiled: object | undefined;

function load(): Kernels | null {
  const path = findKernels(dirname(fileURLToPath(import.meta.url)));
  if (path === null) return null;
  try {
    compiled ??= new Module(readFileSync(path));
    const run = new Instance(compiled).exports as KernelFunctions;
    return { run, memory: new KernelMemory(run) };
  } catch {
    // A processor without vector instructions, or a build that is not whole: everything works without them, only slower.
    return null;
  }
}

/** They lie in the build of the package that this is part of, and nowhere else: kernels of others would compute something else. */
function findKernels(folder: string): string | null {
  let root = folder;
  while (!existsSync(join(root, "package.json")) && dirname(root) !== root) root = dirname(root);
  const path = join(root, "dist", "kernels.wasm");
  return existsSync(path) ? path : null;
}
