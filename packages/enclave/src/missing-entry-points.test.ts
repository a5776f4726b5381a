import { connectInProcess, packetJson } from "@tacit/enclave-channel";
import { expect, it } from "vitest";
import { account, contractCode, SEALING_KEY, signTx, TestChain } from "../test/chain.ts";
import { bytes } from "../test/host-interface.ts";
import { bech32, receiveMessage } from "../test/ibc.ts";
import { secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

it("a contract without an entry point fails in the network's words", async () => {
  const relayer = account(2);
  const enclave = createEnclave({ sealingKey: SEALING_KEY });
  const chain = new TestChain(connectInProcess(enclave.createEngine()));
  const client = secretjsClient(chain.start().info.ioPublicKey);
  const codeHash = chain.storeCode(contractCode("counter"));
  const init = await client.encrypt(codeHash, { count: 1 });
  const { contract } = chain.instantiate(relayer, codeHash, init);
  const packet = {
    data: bytes("{}"),
    source: { portId: "their-port", channelId: "channel-1" },
    destination: { portId: `wasm.${bech32(contract)}`, channelId: "channel-7" },
    sequence: 1n,
    timeoutHeight: { revision: 0n, height: 0n },
    timeoutTimestamp: 1n,
  };
  const message = bytes(packetJson(packet, bech32(relayer.address)));
  chain.beginBlock();
  chain.beginTx(signTx(relayer, [receiveMessage(relayer, packet)]));
  const { result } = chain.call({
    ...chain.executeRequest({ sender: relayer, contract, codeHash, message }),
    kind: "system",
    sender: new Uint8Array(0),
    entryPoint: "ibc_packet_receive",
  });
  chain.endTx(false);
  expect(result).toEqual({
    failure: {
      kind: "enclave",
      code: "vm/export_missing",
      text: "calling a function in the contract failed for an unexpected reason",
    },
  });
  chain.endBlock();
});
