/** The enclave in a process of its own, as a node runs it, for a chain in the test's thread. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEnclave, type EnclaveClient, EnclaveSupervisor } from "@tacit/enclave-channel";

export interface EnclaveProcess {
  readonly enclave: EnclaveClient;
  /** How often it ended without being stopped; asks the event loop. */
  deaths(): Promise<number>;
  stop(): Promise<void>;
}

export function startEnclaveProcess(): EnclaveProcess {
  const directory = mkdtempSync(join(tmpdir(), "tacit-bad-input-"));
  let deaths = 0;
  const supervisor = new EnclaveSupervisor({
    entry: new URL(import.meta.resolve("@tacit/enclave/main")).pathname,
    sealingKeyFile: join(directory, "sealing-key"),
    channels: 1,
    onDeath: () => {
      deaths += 1;
    },
  });
  const enclave = connectEnclave(supervisor.channel(0));
  return {
    enclave,
    deaths: async () => {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      return deaths;
    },
    stop: async () => {
      enclave.close();
      await supervisor.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
