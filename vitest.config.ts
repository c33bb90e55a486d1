import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/system/**"], testTimeout: 60_000 } },
      { test: { name: "system", include: ["test/system/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 600_000 } },
    ],
  },
});
