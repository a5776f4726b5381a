import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/**/*.test.ts",
      "e2e/**/*.test.ts",
      "tools/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    pool: "forks",
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
