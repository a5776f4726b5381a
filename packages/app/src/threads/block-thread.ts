/** The worker that runs blocks and checks. It may block on the enclave's channel. */
import { workerData } from "node:worker_threads";
import { connectEnclave } from "@tacit/enclave-channel";
import { openMultiStore } from "@tacit/store";
import { CommitGate } from "../application.ts";
import { Chain } from "../chain.ts";
import { storeNames } from "../store-names.ts";
import type { BlockThreadData, BlockThreadMethods } from "./messages.ts";
import { sealedFileAt } from "./sealed-file.ts";
import { portLogger, serve } from "./serve.ts";

serve(() => {
  const data = workerData as BlockThreadData;
  const store = openMultiStore({ ...data.store, storeNames });
  const enclave = connectEnclave(data.channel);
  const chain = new Chain({
    network: data.network,
    store,
    enclave,
    sealedFile: sealedFileAt(data.sealedFile),
    minGasPrices: data.minGasPrices,
    version: data.version,
    retainBlocks: data.retainBlocks,
    logger: portLogger(),
  });
  const gate = new CommitGate(chain);
  const methods: BlockThreadMethods = {
    info: async () => chain.info(),
    initChain: async (request) => chain.initChain(request),
    checkTx: (request) => gate.afterCommit(() => chain.checkTx(request)),
    prepareProposal: async (request) => chain.prepareProposal(request),
    processProposal: async () => chain.processProposal(),
    finalizeBlock: async (request) => chain.finalizeBlock(request),
    commit: async () => {
      const result = chain.commit();
      gate.open();
      return result;
    },
    reviveEnclave: async () => chain.reviveEnclave(),
    exportGenesis: async (height) => chain.exportGenesis(height),
    close: async () => {
      enclave.close();
      await store.close();
    },
  };
  return { methods, enclave: chain.enclaveInfo };
});
