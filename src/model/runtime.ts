type Runtime = typeof import("onnxruntime-node");

/**
 * ONNX Runtime, loaded when first needed: it takes a while. From 1.29 on its official builds report what they run to their maker, and
 * keep a device id and a cache in the user's home, unless told not to before they are loaded: recordings of a fleet are nobody else's.
 */
export async function loadRuntime(): Promise<Runtime> {
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
  // The package is CommonJS, hence `default`.
  const module = await import("onnxruntime-node");
  return "default" in module ? (module.default as Runtime) : module;
}
