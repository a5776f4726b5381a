/** Money moves. */
import { addCoins, coinsToWire } from "@tacit/encoding";
import {
  MsgMultiSendSchema,
  MsgSendSchema,
  MsgSetSendEnabledSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { keyedAccount } from "../../signer.ts";
import { otherDenoms } from "../genesis.ts";
import { governed, type Operation, operation, type World } from "../world.ts";

/** Someone known; sometimes a new account, which then acts like the others. */
function receiver(world: World): string {
  if (!world.random.chance(1, 12)) return world.text(world.anyone());
  const account = keyedAccount(`newcomer ${world.random.below(200)}`);
  const text = world.text(account);
  if (world.person(text) === undefined && world.people.length < 60) world.people.push(account);
  return text;
}

const send = operation(MsgSendSchema, 12, (world) => {
  const from = world.anyone();
  return {
    by: from,
    message: {
      fromAddress: world.text(from),
      toAddress: world.random.chance(1, 30) ? world.authority : receiver(world),
      amount: world.wireCoins(from),
    },
  };
});

const multiSend = operation(MsgMultiSendSchema, 5, (world) => {
  const from = world.anyone();
  const outputs = Array.from({ length: world.random.between(1, 4) }, () => ({
    address: receiver(world),
    coins: [{ denom: world.bondDenom, amount: `${1n + world.amountOf(from) / 8n}` }],
  }));
  const total = outputs
    .map(({ coins }) => coins.map(({ denom, amount }) => ({ denom, amount: BigInt(amount) })))
    .reduce((sum, coins) => [...addCoins(sum, coins)], []);
  const inputs = [{ address: world.text(from), coins: [...coinsToWire(total)] }];
  return { by: from, message: { inputs, outputs } };
});

/** Never the coin that pays fees. */
const setSendEnabled = governed(MsgSetSendEnabledSchema, 2, (world) => ({
  authority: world.authority,
  sendEnabled: [{ denom: world.random.pick(otherDenoms), enabled: world.random.chance(1, 2) }],
}));

const updateParams = governed(MsgUpdateParamsSchema, 1, (world) => ({
  authority: world.authority,
  params: { sendEnabled: [], defaultSendEnabled: true },
}));

export const bankOperations: readonly Operation[] = [send, multiSend, setSendEnabled, updateParams];
