/** The development network: one node, funded accounts whose mnemonics everyone knows. */
import { secretKvGas } from "@tacit/sdk";
import { type NetworkDefinition, secretModuleAccounts, secretModuleVersions } from "./network.ts";

export const secretdev1: NetworkDefinition = Object.freeze({
  chainId: "secretdev-1",
  bech32Prefix: "secret",
  bondDenom: "uscrt",
  kvGas: secretKvGas,
  transientWriteGas: { flat: 20n, perByte: 1n },
  moduleAccounts: secretModuleAccounts,
  openModuleAccounts: new Set(["distribution"]),
  moduleVersions: secretModuleVersions,
  eip191: true,
  hardened: true,
  padding: "unseen",
  contractDebug: true,
  restakes: true,
  redactsErrors: false,
});

/** The same rules under another chain id, for tests and second chains. */
export function secretdevNamed(chainId: string): NetworkDefinition {
  return Object.freeze({ ...secretdev1, chainId });
}
