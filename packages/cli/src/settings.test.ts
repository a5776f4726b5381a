import { describe, expect, it } from "vitest";
import { CLIENT_SETTINGS, START_SETTINGS } from "./config.ts";
import { flagOf, readSettings } from "./settings.ts";

const failure = expect.objectContaining({ code: "cli/setting" });

describe("settings", () => {
  it("have defaults that pass their own check", () => {
    for (const schema of [START_SETTINGS, CLIENT_SETTINGS]) {
      const defaults = readSettings(schema, {}, {});
      const texts = Object.entries(defaults).filter(([, value]) => typeof value !== "boolean");
      expect(readSettings(schema, Object.fromEntries(texts), {})).toEqual(defaults);
    }
  });

  it("come from the flag, else from the environment, else from the default", () => {
    const environment = { TACIT_REST: "http://env:1" };
    const read = (flags: object, env: object) =>
      readSettings(CLIENT_SETTINGS, flags as Record<string, unknown>, { ...env }).rest;
    expect(read({ rest: "http://flag:1" }, environment)).toBe("http://flag:1");
    expect(read({}, environment)).toBe("http://env:1");
    expect(read({}, {})).toBe("http://127.0.0.1:1317");
  });

  it.each([
    ["rpcPort", "70000"],
    ["rpcPort", "-1"],
    ["rpcPort", "1e3"],
    ["blockInterval", ""],
    ["logLevel", "loud"],
    ["chainId", "no spaces"],
    ["minGasPrice", "cheap"],
  ])("refuse --%s %j and name the flag", (name, value) => {
    const read = () => readSettings(START_SETTINGS, { [name]: value }, {});
    expect(read).toThrow(failure);
    expect(read).toThrow(`--${flagOf(name)}`);
  });
});
