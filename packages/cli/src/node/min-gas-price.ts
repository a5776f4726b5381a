import { Dec } from "@tacit/encoding";
import type { MinGasPrice } from "@tacit/sdk";

/** `0.0125uscrt,1uatom` as prices of one unit of gas. The setting's pattern has been checked. */
export function minGasPrices(text: string): MinGasPrice[] {
  return text
    .split(",")
    .filter((price) => price !== "")
    .map((price) => {
      const [, amount = "0", denom = ""] = /^([0-9.]+)(.+)$/.exec(price) ?? [];
      return { denom, amount: Dec.parse(amount).atoms };
    });
}

/** As nodes name them to clients: 18 places, by denomination, without those that cost nothing. */
export function minGasPriceText(prices: readonly MinGasPrice[]): string {
  return prices
    .filter(({ amount }) => amount !== 0n)
    .toSorted((a, b) => (a.denom < b.denom ? -1 : 1))
    .map(({ denom, amount }) => `${Dec.fromAtoms(amount)}${denom}`)
    .join(",");
}
