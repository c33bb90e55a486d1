import { describe, expect, it } from "vitest";
import { judge, parseInfo } from "../../../../src/run/engines/redis/redis-server.ts";

const FIT = { redis_version: "7.0.15", role: "master", cluster_enabled: "0", aof_enabled: "1", maxmemory: "0" };

describe("a Redis by its INFO", () => {
  it("is read line by line", () => {
    expect(parseInfo("# Server\r\nredis_version:7.0.15\r\nos:Linux: 5\r\n\r\n")).toEqual({
      redis_version: "7.0.15",
      os: "Linux: 5",
    });
  });

  it("is fit without a word", () => {
    expect(judge({ ...FIT, maxmemory_policy: "noeviction" }, "x")).toEqual({ warnings: [], freeBytes: null });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["old", { redis_version: "6.0.9" }, /6\.0\.9 is old/],
    ["without an append-only file", { aof_enabled: "0" }, /no append-only file/],
    ["that evicts", { maxmemory_policy: "allkeys-lru" }, /maxmemory-policy allkeys-lru/],
    ["nearly full", { maxmemory: "100000000", used_memory: "81000000" }, /77 of 95 MiB/],
  ])("%s is warned of", (_, info, word) => {
    expect(judge({ ...FIT, ...info }, "x").warnings).toEqual([expect.stringMatching(word)]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["too old", { redis_version: "4.9.1" }, /Redis 4\.9\.1; expected Redis 5\.0 or newer/],
    ["a replica", { role: "slave" }, /a replica/],
    ["a cluster", { cluster_enabled: "1" }, /Redis Cluster/],
  ])("%s is refused", (_, info, word) => {
    expect(() => judge({ ...FIT, ...info }, "x")).toThrow(word);
  });

  it("tells what it has free", () => {
    expect(judge({ ...FIT, maxmemory: "1000", used_memory: "300" }, "x").freeBytes).toBe(700);
  });
});
