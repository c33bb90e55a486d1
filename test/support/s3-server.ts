import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./redis.ts";

const PROJECT = new URL("../system/s3proxy/", import.meta.url).pathname;
const LIBRARIES = join(PROJECT, "target/lib");

/** The bucket that is there. */
export const BUCKET = "flightbatch-test";

/** A real S3 server (S3Proxy over a folder of the disk) of this test alone, on the loopback. */
export interface S3Server {
  port: number;
  /** What a process needs in its environment to reach it. */
  env: Record<string, string>;
  /** Folder of the bucket: its objects are files there. */
  folder: string;
  stop(): Promise<void>;
}

/** Starts the server. @throws Error if it cannot be started: a test that needs it must fail then */
export async function startS3Server(): Promise<S3Server> {
  fetchLibraries();
  const home = mkdtempSync(join(tmpdir(), "flightbatch-s3-"));
  const folder = join(home, "data", BUCKET);
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const server = spawn("java", javaArguments(home, port), { stdio: "ignore" });
  await untilUp(server, port);
  const env = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "testsecret",
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    FLIGHTBATCH_S3_TIMEOUT_SECONDS: "5",
  };
  const stop = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  return { port, env, folder, stop };
}

function fetchLibraries(): void {
  if (existsSync(LIBRARIES) && readdirSync(LIBRARIES).length > 100) return;
  const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${LIBRARIES}`];
  execFileSync("mvn", ["-q", "-B", "-f", join(PROJECT, "pom.xml"), ...goal], { stdio: "pipe" });
}

function javaArguments(home: string, port: number): string[] {
  const settings = [
    ...["s3proxy.authorization=aws-v2-or-v4", "s3proxy.identity=test", "s3proxy.credential=testsecret"],
    `s3proxy.endpoint=http://127.0.0.1:${port}`,
    ...["jclouds.provider=filesystem-nio2", "jclouds.identity=x", "jclouds.credential=x"],
    `jclouds.filesystem.basedir=${join(home, "data")}`,
  ];
  writeFileSync(join(home, "s3proxy.conf"), settings.join("\n"));
  // Else it logs megabytes.
  writeFileSync(join(home, "logback.xml"), '<configuration><root level="off"/></configuration>');
  const logging = `-Dlogback.configurationFile=${join(home, "logback.xml")}`;
  const start = ["org.gaul.s3proxy.Main", "--properties", join(home, "s3proxy.conf")];
  return ["-Xmx256m", logging, "-cp", join(LIBRARIES, "*"), ...start];
}

async function untilUp(server: ChildProcess, port: number): Promise<void> {
  let failure: Error | null = null;
  server.once("error", (error) => {
    failure = error;
  });
  server.once("exit", (code) => {
    failure ??= new Error(`the S3 server ended with ${code}`);
  });
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (failure !== null) throw failure;
    if (await answers(port)) return;
    await sleep(100);
  }
  server.kill("SIGKILL");
  throw new Error("the S3 server did not start within a minute");
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.end());
  });
}
