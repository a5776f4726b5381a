import type { DescMessage } from "@bufbuild/protobuf";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  MsgContractGovernanceProposalSchema,
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
  MsgMigrateContractSchema,
  MsgSetContractGovernanceSchema,
  MsgStoreCodeSchema,
  MsgUpdateAdminSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  type CodeInfo,
  CodeInfoSchema,
  type ContractInfo,
  ContractInfoSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { type Context, createGasMeter, OutOfGasError } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { setCodeInfo, setContractInfo, setLabel } from "../src/contracts.ts";
import { getAuthorizedAdmin, getAuthorizedMigration } from "../src/governance.ts";
import { defaultParams, getParams, setParams } from "../src/params.ts";
import { addresses, authority, scopeOf, setUp } from "./harness.ts";

const sender = new Uint8Array(20).fill(1);
const contract = new Uint8Array(20).fill(2);
const other = new Uint8Array(20).fill(3);
const [senderText, contractText, otherText] = [sender, contract, other].map(addresses.toText);

const code: CodeInfo = create(CodeInfoSchema, { codeHash: new Uint8Array(32), creator: sender });
const info: ContractInfo = create(ContractInfoSchema, {
  codeId: 1n,
  creator: sender,
  label: "taken",
  admin: senderText!,
});

function withContract(context: Context, changes: Partial<ContractInfo> = {}): void {
  setCodeInfo(context, 1n, code);
  setContractInfo(context, contract, { ...info, ...changes });
  setLabel(context, "taken", contract);
}

function run<Schema extends DescMessage>(
  chain: ReturnType<typeof setUp>,
  context: Context,
  schema: Schema,
  message: MessageInitShape<Schema>,
): void {
  const route = chain.messages.route(`/${schema.typeName}`)!;
  const full = create(schema, message);
  route.validateBasic?.(full);
  route.handle(context, full);
}

describe("messages to contracts", () => {
  it("cannot be simulated, and the enclave is not asked", () => {
    const chain = setUp();
    const context = chain.context({ mode: "simulate", scope: scopeOf(sender) });
    withContract(context);
    const execute = () => run(chain, context, MsgExecuteContractSchema, { sender, contract });
    expect(execute).toThrow(
      expect.objectContaining({
        code: "compute/3",
        message:
          "Execution error: Enclave: failed to verify transaction signature: execute contract failed",
      }),
    );
    const instantiate = () =>
      run(chain, context, MsgInstantiateContractSchema, { sender, codeId: 1n, label: "new" });
    expect(instantiate).toThrow(expect.objectContaining({ code: "compute/2" }));
    const migrate = () =>
      run(chain, context, MsgMigrateContractSchema, {
        sender: senderText!,
        contract: contractText!,
        codeId: 1n,
      });
    expect(migrate).toThrow(expect.objectContaining({ code: "compute/5" }));
  });

  it("need the sender's own signature or a contract's", () => {
    const chain = setUp();
    const context = chain.context({ scope: scopeOf(other) });
    withContract(context);
    const execute = () => run(chain, context, MsgExecuteContractSchema, { sender, contract });
    expect(execute).toThrow(
      expect.objectContaining({
        code: "compute/16",
        message:
          `[Compute] Message sender: ${senderText} is not found in the tx signer set: ` +
          `[${otherText}], callback signature not provided: parse signature failed`,
      }),
    );
  });

  it("name a contract and a code that exist, and a label that does not", () => {
    const chain = setUp();
    const context = chain.context({ scope: scopeOf(sender) });
    withContract(context);
    const fails = (body: () => void, failure: object) =>
      expect(body).toThrow(expect.objectContaining(failure));
    fails(() => run(chain, context, MsgExecuteContractSchema, { sender, contract: other }), {
      code: "compute/9",
      message: "contract: not found",
    });
    fails(
      () => run(chain, context, MsgInstantiateContractSchema, { sender, codeId: 2n, label: "new" }),
      { code: "compute/9", message: "code: not found" },
    );
    fails(
      () =>
        run(chain, context, MsgInstantiateContractSchema, { sender, codeId: 1n, label: "taken" }),
      { code: "compute/6", message: "taken: contract account already exists" },
    );
  });

  it("charge for the instance before anything else", () => {
    const chain = setUp();
    const gasMeter = createGasMeter(19_999n);
    const context = chain.context({ scope: scopeOf(sender), gasMeter });
    const execute = () => run(chain, context, MsgExecuteContractSchema, { sender, contract });
    expect(execute).toThrow(OutOfGasError);
    expect(gasMeter.consumed).toBe(20_000n);
  });

  it("need the funds they send", () => {
    const chain = setUp();
    const context = chain.context({ scope: scopeOf(sender) });
    chain.bankModule.initGenesis?.(context, { params: { default_send_enabled: true } });
    withContract(context);
    const sentFunds = [{ denom: "uscrt", amount: "1" }];
    const execute = () =>
      run(chain, context, MsgExecuteContractSchema, { sender, contract, sentFunds });
    expect(execute).toThrow(expect.objectContaining({ code: "sdk/5" }));
  });
});

describe("migration", () => {
  const migrateAs = (changes: Partial<ContractInfo>, prepare?: (context: Context) => void) => {
    const chain = setUp();
    const context = chain.context({ mode: "simulate", scope: scopeOf(sender) });
    withContract(context, changes);
    prepare?.(context);
    return () =>
      run(chain, context, MsgMigrateContractSchema, {
        sender: senderText!,
        contract: contractText!,
        codeId: 1n,
      });
  };
  const refuses = (body: () => void, why: string) =>
    expect(body).toThrow(
      expect.objectContaining({ code: "compute/5", message: `${why}: migrate contract failed` }),
    );

  it("is the admin's", () => {
    refuses(migrateAs({ admin: otherText! }), "requires migrate from admin");
    refuses(migrateAs({ admin: "" }), "contract is not upgradable");
  });

  it("needs governance where the admin has asked for it", () => {
    const governed = { requireGovernance: true };
    refuses(migrateAs(governed), "requires governance approval for migration");
  });

  it("is refused for codes and contracts that do not exist", () => {
    const chain = setUp();
    const context = chain.context({ mode: "simulate", scope: scopeOf(sender) });
    withContract(context);
    const migrate = (address: string, codeId: bigint) => () =>
      run(chain, context, MsgMigrateContractSchema, {
        sender: senderText!,
        contract: address,
        codeId,
      });
    expect(migrate(contractText!, 2n)).toThrow(expect.objectContaining({ code: "sdk/18" }));
    expect(migrate(otherText!, 1n)).toThrow(
      expect.objectContaining({
        code: "sdk/18",
        message: "unknown contract: contract: not found: invalid request",
      }),
    );
  });
});

describe("governance", () => {
  it("changes parameters, and nobody else does", () => {
    const chain = setUp();
    const context = chain.context();
    const params = { ...defaultParams(), maxContractSize: 7n };
    const update = (from: string) =>
      run(chain, context, MsgUpdateParamsSchema, { authority: from, params });
    expect(() => update(senderText!)).toThrow(expect.objectContaining({ code: "gov/13" }));
    update(authority);
    expect(getParams(context).maxContractSize).toBe(7n);
  });

  it("allows one migration and one change of admin", () => {
    const chain = setUp();
    const context = chain.context();
    run(chain, context, MsgContractGovernanceProposalSchema, {
      authority,
      contracts: [{ address: contractText!, newCodeId: 9n }],
      adminUpdates: [{ address: contractText!, newAdmin: "" }],
    });
    expect(getAuthorizedMigration(context, contractText!)).toBe(9n);
    expect(getAuthorizedAdmin(context, contractText!)).toBe("");
    expect(getAuthorizedAdmin(context, otherText!)).toBeUndefined();
    expect(context.events.events.map(({ type }) => type)).toEqual([
      "contract_governance_proposal",
      "contract_governance_proposal",
    ]);
  });

  it("is asked for by the admin alone", () => {
    const chain = setUp();
    const context = chain.context();
    withContract(context);
    const ask = (from: string) =>
      run(chain, context, MsgSetContractGovernanceSchema, {
        sender: from,
        contractAddress: contractText!,
      });
    expect(() => ask(otherText!)).toThrow(expect.objectContaining({ code: "sdk/4" }));
    ask(senderText!);
    const update = () =>
      run(chain, context, MsgUpdateAdminSchema, {
        sender: senderText!,
        contract: contractText!,
        newAdmin: otherText!,
      });
    expect(update).toThrow(
      expect.objectContaining({
        code: "sdk/4",
        message: "requires governance approval for admin change: unauthorized",
      }),
    );
  });
});

describe("uploads", () => {
  it("pay for what they unpack to before anybody looks at it", () => {
    const chain = setUp();
    const gasMeter = createGasMeter(100n);
    const context = chain.context({ gasMeter, scope: scopeOf(sender) });
    setParams(context.with({ gasMeter: createGasMeter(10_000n) }), defaultParams());
    const wasmByteCode = new Uint8Array(1_000);
    const store = () => run(chain, context, MsgStoreCodeSchema, { sender, wasmByteCode });
    expect(store).toThrow(OutOfGasError);
  });

  it("are no larger than governance allows", () => {
    const chain = setUp();
    const context = chain.context({ scope: scopeOf(sender) });
    setParams(context, { ...defaultParams(), maxContractSize: 9n });
    const wasmByteCode = new Uint8Array(10);
    const store = () => run(chain, context, MsgStoreCodeSchema, { sender, wasmByteCode });
    expect(store).toThrow(expect.objectContaining({ code: "compute/31" }));
  });
});
