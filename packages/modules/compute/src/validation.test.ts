import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
  MsgMigrateContractSchema,
  MsgStoreCodeSchema,
  MsgUpdateAdminSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { createAddressCodec } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { MESSAGE_BYTES_MAX, WASM_BYTES_MAX } from "./limits.ts";
import {
  checkBuilder,
  checkExecute,
  checkInstantiate,
  checkLabel,
  checkMigrate,
  checkSource,
  checkStoreCode,
  checkUpdateAdmin,
} from "./validation.ts";

const addresses = createAddressCodec("secret");
const sender = new Uint8Array(20).fill(1);
const contract = new Uint8Array(20).fill(2);
const [senderText, contractText] = [addresses.toText(sender), addresses.toText(contract)];

function refuses(check: () => void, code: string, text?: string): void {
  expect(check).toThrow(
    expect.objectContaining(text === undefined ? { code } : { code, message: text }),
  );
}

describe("MsgStoreCode", () => {
  const check = (changes: MessageInitShape<typeof MsgStoreCodeSchema>) => () =>
    checkStoreCode(
      create(MsgStoreCodeSchema, { sender, wasmByteCode: Uint8Array.of(0), ...changes }),
    );

  it("needs code of at most 2 MiB and a sender", () => {
    expect(check({})).not.toThrow();
    expect(check({ wasmByteCode: new Uint8Array(WASM_BYTES_MAX) })).not.toThrow();
    refuses(
      check({ wasmByteCode: new Uint8Array() }),
      "sdk/18",
      "code bytes is required: empty: invalid request",
    );
    refuses(check({ wasmByteCode: new Uint8Array(WASM_BYTES_MAX + 1) }), "sdk/18");
    refuses(check({ sender: new Uint8Array() }), "sdk/9");
    refuses(check({ sender: new Uint8Array(21) }), "sdk/9");
  });

  it("may name an https source and an image", () => {
    for (const source of ["", "https://example.com/a?b#c"]) {
      expect(() => checkSource(source)).not.toThrow();
    }
    for (const source of ["http://example.com", "example.com", "/path", "ftp://a"]) {
      refuses(() => checkSource(source), "compute/13");
    }
    for (const builder of ["", "org/image:1.0", "a0/b0/c0:tag_1"]) {
      expect(() => checkBuilder(builder)).not.toThrow();
    }
    for (const builder of ["image:1.0", "Org/image:1", "org/image", "org/image:-a"]) {
      refuses(() => checkBuilder(builder), "compute/13");
    }
    refuses(() => checkBuilder(`org/${"a".repeat(130)}:1`), "compute/12");
    refuses(check({ source: "http://example.com" }), "sdk/18");
    refuses(check({ builder: "x" }), "sdk/18");
  });
});

describe("MsgInstantiateContract", () => {
  const check = (changes: MessageInitShape<typeof MsgInstantiateContractSchema>) => () =>
    checkInstantiate(
      create(MsgInstantiateContractSchema, { sender, codeId: 1n, label: "l", ...changes }),
    );

  it("needs a code, a label and valid coins", () => {
    expect(check({})).not.toThrow();
    refuses(check({ codeId: 0n }), "sdk/18");
    refuses(check({ label: "" }), "compute/11");
    refuses(check({ initFunds: [{ denom: "uscrt", amount: "0" }] }), "sdk/10");
    refuses(check({ initFunds: [{ denom: "uscrt", amount: "-1" }] }), "sdk/10");
    refuses(check({ initFunds: [{ denom: "uscrt", amount: "x" }] }), "sdk/10");
  });

  it("counts a label in bytes, up to 512", () => {
    expect(() => checkLabel("é".repeat(256))).not.toThrow();
    refuses(
      () => checkLabel(`${"é".repeat(256)}a`),
      "compute/12",
      "cannot be longer than 128 characters: exceeds limit",
    );
  });
});

describe("MsgExecuteContract", () => {
  const check = (changes: MessageInitShape<typeof MsgExecuteContractSchema>) => () =>
    checkExecute(create(MsgExecuteContractSchema, { sender, contract, ...changes }));

  it("needs addresses, sorted coins and a message the enclave takes", () => {
    expect(check({})).not.toThrow();
    expect(check({ contract: new Uint8Array(32) })).not.toThrow();
    refuses(check({ contract: new Uint8Array(3) }), "sdk/9");
    const [a, b] = [
      { denom: "aaa", amount: "1" },
      { denom: "bbb", amount: "1" },
    ];
    expect(check({ sentFunds: [a, b] })).not.toThrow();
    refuses(check({ sentFunds: [b, a] }), "sdk/10", "sentFunds: invalid coins");
    refuses(check({ sentFunds: [a, a] }), "sdk/10");
    refuses(check({ msg: new Uint8Array(MESSAGE_BYTES_MAX + 1) }), "compute/12");
  });
});

describe("MsgMigrateContract and MsgUpdateAdmin", () => {
  it("need addresses of this network", () => {
    const migrate = (changes: MessageInitShape<typeof MsgMigrateContractSchema>) => () =>
      checkMigrate(
        create(MsgMigrateContractSchema, {
          sender: senderText,
          contract: contractText,
          codeId: 1n,
          ...changes,
        }),
        addresses,
      );
    expect(migrate({})).not.toThrow();
    refuses(migrate({ codeId: 0n }), "sdk/18");
    refuses(migrate({ sender: "cosmos1abc" }), "undefined/1");
    refuses(migrate({ contract: "" }), "undefined/1");
  });

  it("name an admin that is not the sender, however written", () => {
    const update = (newAdmin: string) => () =>
      checkUpdateAdmin(
        create(MsgUpdateAdminSchema, { sender: senderText, contract: contractText, newAdmin }),
        addresses,
      );
    expect(update(contractText)).not.toThrow();
    refuses(update(senderText), "compute/10");
    refuses(update(senderText.toUpperCase()), "compute/10");
  });
});
