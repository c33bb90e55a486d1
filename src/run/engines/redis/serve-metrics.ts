import { createServer, type Server } from "node:http";
import { Fault } from "../../../faults/fault.ts";
import { METRICS_TYPE, metricsText } from "./metrics.ts";
import type { WorkerReport } from "./worker-report.ts";

/** Answers `GET /metrics` until the returned function is called. @throws Fault USAGE if the port cannot be had */
export async function serveMetrics(
  { host, port }: { host: string; port: number },
  report: () => WorkerReport,
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const isAsked = request.method === "GET" && /^\/(metrics)?(\?.*)?$/.test(request.url ?? "");
    response.writeHead(isAsked ? 200 : 404, { "content-type": isAsked ? METRICS_TYPE : "text/plain" });
    response.end(isAsked ? metricsText(report()) : "not found: /metrics\n");
  });
  await listen(server, { host, port });
  return () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
}

async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    throw new Fault({
      code: "USAGE",
      path: `--metrics-port ${port}`,
      found: (error as Error).message,
      expected: `a port of ${host} that is free`,
      hint: "Choose another --metrics-port, or --metrics-host.",
    });
  }
}
