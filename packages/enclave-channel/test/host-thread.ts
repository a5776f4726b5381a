/** A host thread that makes one long call, says so, and reports how it ended and what a second call gives. */
import { parentPort, workerData } from "node:worker_threads";
import { type ChannelDescriptor, ChannelError, connectEnclave } from "../src/index.ts";

const client = connectEnclave(workerData as ChannelDescriptor);
const outcome: string[] = [];
for (let attempt = 0; attempt < 2; attempt++) {
  try {
    const answer = client.call(
      {
        kind: "query",
        contract: new Uint8Array(20),
        codeHash: new Uint8Array(32),
        message: new Uint8Array(1),
        gasLimit: 1n,
        depth: 1,
        height: 1n,
        timeNs: 1n,
        view: undefined,
      },
      {
        handle() {
          if (attempt === 0) {
            parentPort!.postMessage("in call");
            /** The test kills the enclave now; waiting on the channel itself shows it. */
            client.call({ kind: "check_code", code: new Uint8Array(1) }, { handle: hang });
            for (;;) client.call({ kind: "info" }, { handle: hang });
          }
          return { kind: "chain_query", answer: new Uint8Array(2), gasUsed: 0n, outOfGas: false };
        },
      },
    );
    outcome.push(answer.kind);
  } catch (error) {
    outcome.push(error instanceof ChannelError ? error.code : String(error));
  }
}
parentPort!.postMessage(outcome);
client.close();

function hang(): never {
  throw new ChannelError({ code: "channel/closed" });
}
