/** `tacit tx bank`. */
import { Command } from "commander";
import { examples } from "../../options.ts";
import { addressOf, coinsOf } from "../parse.ts";
import { group, messageCommand } from "./message-command.ts";
import { authorOf, type SendFlags, send, sendFlags } from "./send.ts";

export function bankCommand(): Command {
  return group("bank", "native coins", [sendCommand(), multiSendCommand()]);
}

function sendCommand(): Command {
  const command = sendFlags(new Command("send"))
    .description("send coins")
    .argument("<from>", "name of the key that pays")
    .argument("<to>", "address or name of a key")
    .argument("<amount>", "such as 1000000uscrt")
    .action(async (from: string, to: string, amount: string, given: SendFlags) => {
      const coins = coinsOf(amount);
      const flags = { ...given, from };
      const author = authorOf(flags);
      await send(flags, author, [
        {
          "@type": "/cosmos.bank.v1beta1.MsgSend",
          from_address: author.address,
          to_address: addressOf(author.keyring, to),
          amount: coins,
        },
      ]);
    });
  return examples(command, [
    "tacit tx bank send a b 1000000uscrt",
    "tacit tx bank send alice secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne 5000000uscrt --memo rent",
  ]);
}

function multiSendCommand(): Command {
  return messageCommand({
    name: "multi-send",
    description: "send the same amount to several accounts",
    args: [
      ["amount", "for each of them, such as 5uscrt"],
      ["to", "addresses or names of keys, separated by commas"],
    ],
    build: ({ address, keyring }, [amount = "", to = ""]) => {
      const coins = coinsOf(amount);
      const outputs = to.split(",").map((one) => ({ address: addressOf(keyring, one), coins }));
      const total = coins.map((coin) => ({
        denom: coin.denom,
        amount: `${BigInt(coin.amount) * BigInt(outputs.length)}`,
      }));
      return [
        {
          "@type": "/cosmos.bank.v1beta1.MsgMultiSend",
          inputs: [{ address, coins: total }],
          outputs,
        },
      ];
    },
    examples: ["tacit tx bank multi-send 5uscrt b,c,d --from a"],
  });
}
