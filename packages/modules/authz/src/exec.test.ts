import { encodeMessage, toBase64 } from "@tacit/encoding";
import { GenericAuthorizationSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/authz";
import { MsgExecSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/tx";
import {
  AuthorizationType,
  StakeAuthorizationSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/authz";
import {
  MsgDelegateResponseSchema,
  MsgDelegateSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import {
  createAddressCodec,
  createContext,
  emptyBlockInfo,
  MessageRouter,
  messageRoute,
  QueryRouter,
  SdkError,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { createAuthzModule } from "./index.ts";

const addresses = createAddressCodec("cosmos");
const account = (byte: number) => addresses.toText(new Uint8Array(20).fill(byte));
const [granter, grantee] = [account(1), account(2)];
const delegateUrl = `/${MsgDelegateSchema.typeName}`;

function setUp() {
  const stores = createMemoryMultiStore(["authz"]).branch();
  const block = { ...emptyBlockInfo, time: { seconds: 100n, nanos: 0 } };
  const context = createContext({ stores, kvGas: upstreamKvGas, block });
  const types = new TypeRegistry();
  const messages = new MessageRouter();
  const ran: string[] = [];
  const module = createAuthzModule({
    accounts: { addresses, getAccount: () => ({}), createAccount: () => {} },
    bank: { isBlocked: () => false, blockedError: (text) => new Error(text) },
    messages,
    types,
  });
  module.register?.({ messages, queries: new QueryRouter(), types });
  messages.register(
    messageRoute({
      schema: MsgDelegateSchema,
      response: MsgDelegateResponseSchema,
      signers: (message) => [addresses.toBytes(message.delegatorAddress)],
      handle: (_, message) => {
        ran.push(`${message.amount?.amount} ${message.validatorAddress}`);
        return {};
      },
    }),
  );
  for (const { schema } of messages.routes) types.register(schema);
  const send = (name: string, value: Record<string, unknown>) =>
    messages.route(`/cosmos.authz.v1beta1.${name}`)!.handle(context, value);
  return { context, module, ran, send };
}

const any = (typeUrl: string, value: Uint8Array) => ({ typeUrl, value });
const generic = (msg: string) =>
  any(
    `/${GenericAuthorizationSchema.typeName}`,
    encodeMessage(GenericAuthorizationSchema, { msg }),
  );
const stake = (amount: string, address: string[]) =>
  any(
    `/${StakeAuthorizationSchema.typeName}`,
    encodeMessage(StakeAuthorizationSchema, {
      maxTokens: { denom: "stake", amount },
      validators: { case: "allowList", value: { address } },
      authorizationType: AuthorizationType.DELEGATE,
    }),
  );
const grant = (authorization: unknown, seconds?: bigint) => ({
  granter,
  grantee,
  grant: {
    authorization,
    expiration: seconds === undefined ? undefined : { seconds, nanos: 0 },
  },
});
const delegation = (amount: string, validatorAddress = "v1") =>
  any(
    delegateUrl,
    encodeMessage(MsgDelegateSchema, {
      delegatorAddress: granter,
      validatorAddress,
      amount: { denom: "stake", amount },
    }),
  );
const exec = (...msgs: unknown[]) => ({ grantee, msgs });

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof SdkError) return error.code;
    throw error;
  }
  return undefined;
}

describe("executing for another", () => {
  it("needs a grant for the type, that is not over", () => {
    const { send, ran } = setUp();
    expect(codeOf(() => send("MsgExec", exec(delegation("1"))))).toBe("authz/2");
    expect(codeOf(() => send("MsgExec", exec()))).toBe("sdk/18");
    expect(codeOf(() => send("MsgGrant", grant(generic(delegateUrl), 100n)))).toBe("authz/3");
    expect(codeOf(() => send("MsgGrant", grant(generic("/no.Msg"))))).toBe("sdk/29");
    send("MsgGrant", grant(generic(delegateUrl)));
    send("MsgExec", exec(delegation("1"), delegation("2")));
    expect(ran).toEqual(["1 v1", "2 v1"]);
  });

  it("stakes with the validators of the list, until the limit is used up", () => {
    const { send } = setUp();
    send("MsgGrant", grant(stake("10", ["v1"])));
    expect(codeOf(() => send("MsgExec", exec(delegation("1", "v2"))))).toBe("sdk/4");
    send("MsgExec", exec(delegation("4")));
    send("MsgExec", exec(delegation("6")));
    expect(codeOf(() => send("MsgExec", exec(delegation("1"))))).toBe("authz/2");
  });

  it("refuses messages that are nested too deeply, and runs those that are not", () => {
    const { send, ran } = setUp();
    send("MsgGrant", grant(generic(delegateUrl)));
    const nested = (depth: number) => {
      let message = delegation("1");
      for (let level = 0; level < depth; level += 1) {
        const value = encodeMessage(MsgExecSchema, exec(message) as never);
        message = any(`/${MsgExecSchema.typeName}`, value);
      }
      return exec(message);
    };
    send("MsgExec", nested(9));
    expect(ran).toEqual(["1 v1"]);
    expect(codeOf(() => send("MsgExec", nested(10)))).toBe("sdk/18");
  });

  it("ends with the grant's time, whose place in the queue goes too", () => {
    const { context, module, send } = setUp();
    send("MsgGrant", grant(generic(delegateUrl), 150n));
    const later = context.with({
      block: { ...emptyBlockInfo, time: { seconds: 151n, nanos: 0 } },
    });
    module.beginBlock!(later);
    expect(module.exportGenesis!(later)).toEqual({ authorization: [] });
    expect([...later.kvStore("authz").iterator()].map(([key]) => toBase64(key))).toEqual([]);
  });
});
