import { describe, expect, it } from "vitest";
import { clientOf } from "./client-address.ts";

describe("the client behind a connection", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["::1", "0:0:0:0/64"],
    ["2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2/64"],
    ["2001:0db8:0001:0002::9", "2001:db8:1:2/64"],
    ["2001:db8::1", "2001:db8:0:0/64"],
    ["fe80::1%eth0", "fe80:0:0:0/64"],
    [undefined, ""],
  ])("%s is %s", (address, client) => {
    expect(clientOf(address)).toBe(client);
  });
});
