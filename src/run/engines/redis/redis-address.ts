import { readFileSync } from "node:fs";
import type { RedisOptions } from "ioredis";
import { Fault } from "../../../faults/fault.ts";

/** The engine that is meant by no more than this is that of `FLIGHTBATCH_REDIS_URL`. */
export const FROM_ENVIRONMENT = "redis";

/** Where a Redis is and how to enter it. */
export interface RedisAddress {
  /** Fit to be shown: without the password. */
  shown: string;
  /** What its client needs; holds the password. */
  options: RedisOptions;
}

const FORMS = "redis://HOST:PORT, rediss://HOST:PORT (TLS), unix:/PATH/TO/SOCKET, or redis for FLIGHTBATCH_REDIS_URL";

/**
 * The Redis that `--engine` names. A password comes from the environment alone (`FLIGHTBATCH_REDIS_PASSWORD`, or in
 * `FLIGHTBATCH_REDIS_URL`): on a command line every user of the machine could read it. @throws Fault USAGE, which never repeats a password
 */
export function redisAddress(engine: string, env: NodeJS.ProcessEnv = process.env): RedisAddress {
  const isFromEnvironment = engine === FROM_ENVIRONMENT;
  const url = parse(isFromEnvironment ? (env.FLIGHTBATCH_REDIS_URL ?? "") : engine);
  if (url === null) throw notAnAddress(isFromEnvironment);
  if (url.password !== "" && !isFromEnvironment) throw openPassword();
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password) || (env.FLIGHTBATCH_REDIS_PASSWORD ?? "");
  const login = { ...(username !== "" && { username }), ...(password !== "" && { password }) };
  const user = username === "" ? "" : `${username}@`;
  if (url.protocol === "unix:")
    return { shown: `unix:${user}${url.pathname}`, options: { ...login, path: decodeURIComponent(url.pathname) } };
  const isTls = url.protocol === "rediss:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || 6379);
  const db = Number(url.pathname.slice(1) || 0);
  return {
    shown: `${url.protocol}//${user}${url.hostname}:${port}${db === 0 ? "" : `/${db}`}`,
    options: { ...login, host, port, db, ...(isTls && { tls: tlsOptions(host, env.FLIGHTBATCH_REDIS_CA) }) },
  };
}

/** Beside ours, the certificates of NODE_EXTRA_CA_CERTS hold, as everywhere in Node. */
function tlsOptions(host: string, caFile: string | undefined): NonNullable<RedisOptions["tls"]> {
  // A name for the certificate: an address is none.
  const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  if (caFile === undefined || caFile === "") return servername;
  try {
    return { ...servername, ca: readFileSync(caFile, "utf8") };
  } catch (error) {
    throw new Fault({
      code: "USAGE",
      path: "FLIGHTBATCH_REDIS_CA",
      found: `a file that cannot be read (${(error as Error).message})`,
      expected: "the certificate of the authority that vouches for Redis, as PEM",
      hint: "Unset it where the authority is a public one.",
    });
  }
}

type Parts = Pick<URL, "protocol" | "username" | "password" | "hostname" | "port" | "pathname">;

/** Null for what is no address of a Redis. */
function parse(text: string): Parts | null {
  const socket = /^(?:(?:redis\+)?unix:(?:\/\/)?(?:([^:@/]*)(?::([^@/]*))?@)?)?(\/[^?#]+)$/.exec(text);
  if (socket !== null) {
    const [, username = "", password = "", pathname] = socket;
    return { protocol: "unix:", username, password, hostname: "", port: "", pathname: pathname! };
  }
  try {
    const url = new URL(text);
    const isRedis = url.protocol === "redis:" || url.protocol === "rediss:";
    const isPlain = url.search === "" && url.hash === "" && url.hostname !== "" && /^\/?\d*$/.test(url.pathname);
    return isRedis && isPlain ? url : null;
  } catch {
    return null;
  }
}

/** What was given is not repeated: a password may be in it. */
function notAnAddress(isFromEnvironment: boolean): Fault {
  return new Fault({
    code: "USAGE",
    path: isFromEnvironment ? "FLIGHTBATCH_REDIS_URL" : "--engine",
    found: isFromEnvironment ? "none, or no address of a Redis" : "no address of a Redis",
    expected: FORMS,
    hint: "A special character in a user's name or password is written as %XX.",
  });
}

function openPassword(): Fault {
  return new Fault({
    code: "USAGE",
    path: "--engine",
    found: "a password on the command line, where every user of the machine can read it",
    expected: "the address without it",
    hint: "Put it into FLIGHTBATCH_REDIS_PASSWORD, or the whole address into FLIGHTBATCH_REDIS_URL and say --engine redis. Change the password: it is in the shell's history now.",
  });
}
