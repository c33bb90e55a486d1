import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { freePort } from "./redis.ts";

/**
 * How a request is ill-treated: refused with a server error, or told to slow down; the connection is reset before or in the midst of the
 * answer; half of the answer comes and then nothing; nothing comes at all; or it is carried out and the answer lost.
 */
export const MISDEEDS = ["500", "503", "reset", "half", "stall", "silence", "lost"] as const;

/** A name of {@link MISDEEDS}. */
export type Misdeed = (typeof MISDEEDS)[number];

/** A request that came by. */
export interface SeenRequest {
  method: string;
  /** Key of the object, with the query. */
  url: string;
  range: string | null;
  /** Bytes of the answer's body that the server gave. */
  bytes: number;
  misdeed: Misdeed | null;
}

/** A proxy in front of a real S3 server. */
export interface BadProxy {
  url: string;
  seen: SeenRequest[];
  /** What is to be done to a request; null: nothing. */
  treat: (request: { method: string; url: string; range: string | null }) => Misdeed | null | Promise<Misdeed | null>;
  stop(): Promise<void>;
}

/** Starts a proxy that does nothing bad yet. It leaves requests as they are, so that their signatures hold. */
export async function startBadProxy(targetPort: number): Promise<BadProxy> {
  const port = await freePort();
  const proxy: BadProxy = { url: `http://127.0.0.1:${port}`, seen: [], treat: () => null, stop: async () => {} };
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing, { proxy, targetPort }).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  proxy.stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return proxy;
}

interface Context {
  proxy: BadProxy;
  targetPort: number;
}

async function handle(incoming: IncomingMessage, outgoing: ServerResponse, { proxy, targetPort }: Context) {
  const { method = "", url = "" } = incoming;
  const range = incoming.headers.range ?? null;
  const misdeed = await proxy.treat({ method, url, range });
  const seen: SeenRequest = { method, url, range, bytes: 0, misdeed };
  proxy.seen.push(seen);
  if (incoming.headers.expect !== undefined) outgoing.writeContinue();
  const sent = await bodyOf(incoming);
  if (misdeed === "silence") return;
  if (misdeed === "reset") return void incoming.socket.resetAndDestroy();
  if (misdeed === "500" || misdeed === "503") return refuse(outgoing, misdeed);
  const answer = await forward(incoming, sent, targetPort);
  const body = await bodyOf(answer);
  seen.bytes = body.length;
  if (misdeed === "lost") return void incoming.socket.destroy();
  outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
  if (misdeed === null || body.length === 0) return void outgoing.end(body);
  outgoing.write(body.subarray(0, body.length / 2), () => {
    if (misdeed === "half") outgoing.destroy();
  });
}

function refuse(outgoing: ServerResponse, code: "500" | "503"): void {
  const name = code === "500" ? "InternalError" : "SlowDown";
  outgoing.writeHead(Number(code), { "content-type": "application/xml" });
  outgoing.end(`<?xml version="1.0"?><Error><Code>${name}</Code><Message>as the test wants it</Message></Error>`);
}

function forward(incoming: IncomingMessage, body: Buffer, port: number): Promise<IncomingMessage> {
  const { method, url, headers } = incoming;
  const { expect: _, ...kept } = headers;
  const options = { host: "127.0.0.1", port, headers: kept, ...(method && { method }), ...(url && { path: url }) };
  return new Promise((resolve, reject) => {
    const sent = request(options, resolve);
    sent.on("error", reject);
    sent.end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
