import { describe, expect, it } from "vitest";
import { minGasPrices, minGasPriceText } from "./min-gas-price.ts";

const shown = (setting: string) => minGasPriceText(minGasPrices(setting));

describe("the lowest price of gas, as a node tells it", () => {
  it("has eighteen places", () => {
    expect(shown("0.0125uscrt")).toBe("0.012500000000000000uscrt");
  });

  it("names denominations in their order, and none that costs nothing", () => {
    expect(shown("1uscrt,0uusd,0.5uatom")).toBe(
      "0.500000000000000000uatom,1.000000000000000000uscrt",
    );
  });

  it("is empty where nothing is asked for", () => {
    expect(shown("")).toBe("");
  });
});
