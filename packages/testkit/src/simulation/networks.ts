/** Networks that simulations run on: the same code under other parameters. */
import { type NetworkDefinition, secretdev1 } from "@tacit/app";
import { upstreamKvGas } from "@tacit/sdk";

export const simulationNetworks: readonly NetworkDefinition[] = [
  { ...secretdev1, chainId: "simulation-1" },
  {
    ...secretdev1,
    chainId: "upstream-1",
    bech32Prefix: "cosmos",
    bondDenom: "stake",
    kvGas: upstreamKvGas,
    restakes: false,
    eip191: false,
  },
];

/** Even seeds run on Secret's network, odd ones on one with upstream's gas and prefix. */
export function networkFor(seed: number): NetworkDefinition {
  return simulationNetworks[seed % 2] as NetworkDefinition;
}
