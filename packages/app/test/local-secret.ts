/** The genesis of LocalSecret for an application in threads, as a node's consensus gives it. */
import { type ApplicationThreads, localSecretAppState, secretdev1 } from "../src/index.ts";
import { paramsWith } from "./bank-chain.ts";

const time = { seconds: 1_700_000_000n, nanos: 0 };

export async function initLocalSecret({
  application,
  enclave: { ioPublicKey, seedExchangePublicKey },
}: Pick<ApplicationThreads, "application" | "enclave">): Promise<void> {
  const state = localSecretAppState({
    network: secretdev1,
    time,
    consensusPublicKey: new Uint8Array(32).fill(5),
    moniker: "test",
    networkKeys: { ioPublicKey, seedExchangePublicKey },
  });
  await application.initChain({
    time,
    chainId: secretdev1.chainId,
    consensusParams: paramsWith(-1n),
    validators: [],
    appStateBytes: new TextEncoder().encode(JSON.stringify(state)),
    initialHeight: 1n,
  });
}
