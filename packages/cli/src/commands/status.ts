/** `tacit status`: whether the node is well. */
import { Command } from "commander";
import { getJson } from "../client.ts";
import { addClientSettings, clientSettings, examples } from "../options.ts";
import { print, table } from "../output.ts";

interface RpcStatus {
  readonly node_info: { readonly network: string; readonly moniker: string; readonly id: string };
  readonly sync_info: {
    readonly latest_block_height: string;
    readonly latest_block_time: string;
    readonly latest_app_hash: string;
    readonly catching_up: boolean;
  };
}

export function statusCommand(): Command {
  const command = addClientSettings(new Command("status"), ["node", "output"])
    .description("height, chain and identity of a running node")
    .action(async (flags: Record<string, unknown>) => {
      const { node, output } = clientSettings(flags);
      const answer = await getJson(`${node.replace(/\/+$/, "")}/status`);
      print(output, answer.result as RpcStatus, ({ node_info, sync_info }) =>
        table([
          ["chain", node_info.network],
          ["height", sync_info.latest_block_height],
          ["block time", sync_info.latest_block_time],
          ["app hash", sync_info.latest_app_hash],
          ["catching up", sync_info.catching_up ? "yes" : "no"],
          ["node", `${node_info.moniker} ${node_info.id}`],
        ]),
      );
    });
  return examples(command, [
    "tacit status",
    "tacit status --node http://127.0.0.1:26657 --output json",
  ]);
}
