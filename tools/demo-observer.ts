/** The last part of the demo: everything an outsider can get of one transfer. */
import { fromAccountAddress, toHex } from "@tacit/encoding";
import type { TxResponse } from "secretjs";
import { MarkerSearch } from "../e2e/support/markers.ts";
import type { Ends } from "./demo.ts";

export interface ObservedTransfer {
  readonly transfer: TxResponse;
  readonly token: { readonly contract_address: string };
  readonly bob: string;
  readonly memo: string;
  readonly ends: Ends;
  readonly step: (title: string) => void;
  readonly say: (line: string) => void;
}

interface RestTx {
  readonly tx: {
    readonly body: {
      readonly messages: readonly { readonly sender: string; readonly msg: string }[];
    };
  };
  readonly tx_response: { readonly events: readonly RestEvent[]; readonly data: string };
}

interface RestEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

interface StateRecord {
  readonly key: Buffer;
  readonly value: Buffer;
}

const WIDTH = 80;

export async function observe(observed: ObservedTransfer): Promise<void> {
  const { step, say } = observed;
  step("What everybody else sees of that payment");
  const tx = await getJson<RestTx>(
    `${observed.ends.rest}/cosmos/tx/v1beta1/txs/${observed.transfer.transactionHash}`,
  );
  showMessage(tx, observed);
  showEvents(tx, observed);
  const records = await stateRecords(observed);
  showRecords(records, observed);
  say("");
  say("Searched in all of this, as text, hex, base64 and more, for:");
  const haystack = Buffer.concat([
    Buffer.from(JSON.stringify(tx)),
    ...records.flatMap(({ key, value }) => [key, value]),
  ]);
  for (const [what, marker] of [
    ["the memo", observed.memo],
    ["Bob's address", observed.bob],
    ["the kind of message", '{"transfer":{"recipient"'],
  ] as const) {
    const found = new MarkerSearch([marker]).search(haystack);
    say(`  ${what.padEnd(20)} ${found.length === 0 ? "not there" : `FOUND: ${found[0]?.context}`}`);
  }
}

function showMessage({ tx }: RestTx, { say }: ObservedTransfer): void {
  const [message] = tx.body.messages;
  const bytes = Buffer.from(message?.msg ?? "", "base64");
  say("The transaction: who signed, which contract, fee and gas. And the message:");
  say(`  nonce        ${bytes.subarray(0, 32).toString("hex")}`);
  say(
    `  sender key   ${bytes.subarray(32, 64).toString("hex")}   (of this session, not the account)`,
  );
  say(`  ciphertext   ${clip(bytes.subarray(64).toString("hex"))}   (${bytes.length - 64} bytes)`);
}

function showEvents({ tx_response }: RestTx, { say, token }: ObservedTransfer): void {
  const own = tx_response.events.filter(({ attributes }) =>
    attributes.some(({ value }) => value === token.contract_address),
  );
  say("");
  say("The events that name the contract:");
  for (const { type, attributes } of own) {
    const shown = attributes.map(({ key, value }) => `${key}=${value}`).join(" ");
    say(`  ${type.padEnd(12)} ${clip(shown)}`);
  }
  say(`The answer: ${clip(tx_response.data)}`);
}

function showRecords(records: readonly StateRecord[], { say }: ObservedTransfer): void {
  say("");
  say(`The contract's state, as it lies in the tree: ${records.length} records. Three of them:`);
  for (const { key, value } of records.slice(-3)) {
    say(`  key    …${key.subarray(-32).toString("hex")}`);
    say(`  value  …${value.subarray(-40).toString("hex")}   (${value.length} bytes)`);
  }
}

/** All records of the contract by CometBFT's own query, as anybody may ask. */
async function stateRecords({ ends, token }: ObservedTransfer): Promise<StateRecord[]> {
  const path = encodeURIComponent('"/store/private/subspace"');
  const prefix = `03${toHex(fromAccountAddress(token.contract_address))}`;
  const answer = await getJson<{ result: { response: { value: string | null } } }>(
    `${ends.rpc}/abci_query?path=${path}&data=0x${prefix}`,
  );
  return decodePairs(Buffer.from(answer.result.response.value ?? "", "base64"));
}

/** `cosmos.store.internal.kv.v1beta1.Pairs`: repeated field 1 of { 1: key, 2: value }. */
function decodePairs(bytes: Buffer): StateRecord[] {
  return fieldsOf(bytes).map(({ content }) => {
    const fields = fieldsOf(content);
    const field = (wanted: number) =>
      fields.find(({ number }) => number === wanted)?.content ?? Buffer.alloc(0);
    return { key: field(1), value: field(2) };
  });
}

/** Length-delimited fields; these messages have no others. */
function fieldsOf(bytes: Buffer): { readonly number: number; readonly content: Buffer }[] {
  const fields: { number: number; content: Buffer }[] = [];
  let position = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[position++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (position < bytes.length) {
    const number = varint() >> 3;
    const length = varint();
    fields.push({ number, content: bytes.subarray(position, position + length) });
    position += length;
  }
  return fields;
}

function clip(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH)}…`;
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  return (await response.json()) as T;
}
