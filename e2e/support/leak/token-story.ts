/** A SNIP-20 token in use: every amount, name, memo, key and permit in it is a secret. */
import { fromAccountAddress } from "@tacit/encoding";
import { MsgExecuteContract, MsgInstantiateContract, type Wallet } from "secretjs";
import { type Contract, dataOf } from "../secretjs.ts";
import { type KnownActor, query, send } from "./actors.ts";
import { b64, json, open, secret } from "./marked.ts";
import type { Story } from "./story.ts";

const INITIAL = 918_273_645_546_372_819n;
const PAID = 731_904_628_153_827_461n;
const SENT = 112_233_998_877_554_421n;

export async function tokenStory(
  story: Story,
  [alice, carol]: readonly [KnownActor, KnownActor],
  receiver: Contract,
): Promise<void> {
  const token = await createToken(story, alice);
  const run = async (msg: object) => {
    const message = new MsgExecuteContract({
      sender: alice.address,
      ...token,
      msg,
      sent_funds: [],
    });
    return story.note(await send(alice, [message], { memo: open("memo") }));
  };
  const transfer = { recipient: carol.address, amount: `${PAID}`, memo: secret("transfer memo") };
  story.expect(await run({ transfer: { ...transfer, padding: secret("padding") } }), 0);
  story.expect(await run({ set_viewing_key: { key: secret("viewing key") } }), 0);
  const created = await run({ create_viewing_key: { entropy: secret("entropy") } });
  const { create_viewing_key } = JSON.parse(Buffer.from(dataOf(created)).toString());
  story.hide(create_viewing_key.key);
  story.expect(await run({ set_viewing_key: { key: secret("viewing key") } }), 0);
  const sent = {
    recipient: receiver.contract_address,
    recipient_code_hash: receiver.code_hash,
    amount: `${SENT}`,
    msg: json({ note: secret("send msg") }),
    memo: secret("send memo"),
  };
  story.expect(await run({ send: sent }), 0);
  story.expect(await run({ increase_allowance: { spender: carol.address, amount: `${PAID}` } }), 0);
  story.expect(await run({ revoke_permit: { permit_name: secret("revoked") } }), 0);
  const tooMuch = await run({ transfer: { ...transfer, amount: `${INITIAL}` } });
  story.expect(tooMuch, 3, "insufficient funds");
  story.hideAmounts(INITIAL, PAID, SENT, INITIAL - PAID - SENT);
  story.hide(
    carol.address,
    { name: "the recipient's address", bytes: fromAccountAddress(carol.address) },
    { name: "the recipient's public key", bytes: (carol.wallet as Wallet).publicKey },
  );
  await askToken(story, token, alice, carol);
}

async function createToken(story: Story, alice: KnownActor): Promise<Contract> {
  const { codeId, code_hash } = story.code("snip20");
  const tx = await send(alice, [
    new MsgInstantiateContract({
      sender: alice.address,
      code_id: codeId,
      code_hash,
      label: open("token label"),
      init_msg: {
        name: secret("name"),
        symbol: secret("SYM"),
        decimals: 6,
        prng_seed: b64(secret("prng seed")),
        initial_balances: [{ address: alice.address, amount: `${INITIAL}` }],
        config: { enable_deposit: true },
      },
    }),
  ]);
  return story.made(tx, code_hash);
}

async function askToken(
  story: Story,
  token: Contract,
  alice: KnownActor,
  carol: KnownActor,
): Promise<void> {
  const info = await query<{ token_info: object }>(alice, token, { token_info: {} });
  story.answered(info, secret("name"));
  const key = secret("viewing key");
  const { address } = alice;
  story.answered(
    await query(alice, token, { balance: { address, key } }),
    `${INITIAL - PAID - SENT}`,
  );
  const history = { transaction_history: { address, key, page: 0, page_size: 10 } };
  story.answered(await query(alice, token, history), secret("transfer memo"));
  const wrong = { balance: { address, key: secret("wrong viewing key") } };
  story.answered(await query(alice, token, wrong), "viewing_key_error");
  const permit = await carol.client.utils.accessControl.permit.sign(
    carol.address,
    story.chainId,
    secret("permit"),
    [token.contract_address],
    ["balance", "history"],
    false,
  );
  story.hide(permit.signature.signature);
  const ask = { with_permit: { permit, query: { balance: {} } } };
  story.answered(await query(carol, token, ask), `${PAID}`);
  const forged = { ...permit, params: { ...permit.params, permit_name: secret("forged") } };
  const refused = await query(carol, token, {
    with_permit: { permit: forged, query: { balance: {} } },
  });
  story.answered(refused, "");
}
