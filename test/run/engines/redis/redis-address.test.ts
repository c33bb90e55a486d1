import { describe, expect, it } from "vitest";
import { redisAddress } from "../../../../src/run/engines/redis/redis-address.ts";

describe("an address of a Redis", () => {
  it.each<[string, NodeJS.ProcessEnv, string, object]>([
    ["redis://host", {}, "redis://host:6379", { host: "host", port: 6379, db: 0 }],
    ["redis://user@host:1/2", {}, "redis://user@host:1/2", { username: "user", host: "host", port: 1, db: 2 }],
    ["redis://[::1]:7", {}, "redis://[::1]:7", { host: "::1", port: 7 }],
    ["rediss://queue.example.org", {}, "rediss://queue.example.org:6379", { tls: { servername: "queue.example.org" } }],
    ["rediss://127.0.0.1", {}, "rediss://127.0.0.1:6379", { tls: {} }],
    ["unix:/run/r.sock", {}, "unix:/run/r.sock", { path: "/run/r.sock" }],
    ["redis+unix:///run/r.sock", {}, "unix:/run/r.sock", { path: "/run/r.sock" }],
    ["unix:u@/run/r.sock", {}, "unix:u@/run/r.sock", { path: "/run/r.sock", username: "u" }],
    ["/run/r.sock", {}, "unix:/run/r.sock", { path: "/run/r.sock" }],
    ["redis://u@h", { FLIGHTBATCH_REDIS_PASSWORD: "p" }, "redis://u@h:6379", { username: "u", password: "p" }],
    ["redis", { FLIGHTBATCH_REDIS_URL: "redis://u:p%40@h" }, "redis://u@h:6379", { username: "u", password: "p@" }],
  ])("%s is understood", (engine, env, shown, options) => {
    const address = redisAddress(engine, env);
    expect(address.shown).toBe(shown);
    expect(address.options).toMatchObject(options);
  });

  it.each([
    "",
    "http://host",
    "redis://",
    "host:6379",
    "redis://h/x",
    "redis://h?password=secret",
    "unix:",
    "redis://h:99999",
  ])("%j is none", (engine) => {
    expect(() => redisAddress(engine, {})).toThrow(/no address of a Redis/);
    expect(() => redisAddress(engine, {})).not.toThrow(/secret/);
  });

  it("may not have its password on the command line, and the refusal does not repeat it", () => {
    expect(() => redisAddress("redis://u:secret@h", {})).toThrow(/FLIGHTBATCH_REDIS_PASSWORD/);
    expect(() => redisAddress("redis://u:secret@h", {})).not.toThrow(/secret/);
  });

  it("names what is wrong with the file of a certificate authority", () => {
    expect(() => redisAddress("rediss://h", { FLIGHTBATCH_REDIS_CA: "/nowhere/ca.pem" })).toThrow(/cannot be read/);
  });
});
