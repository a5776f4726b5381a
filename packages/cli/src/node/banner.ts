/** What a started node says about itself to the person who started it. */
import { DEV_ACCOUNTS } from "../keys/dev-accounts.ts";
import { type Painter, table } from "../output.ts";
import type { RunningNode } from "./start-node.ts";

const FUNDS = "1,000,000,000,000 SCRT each";

export function banner(node: RunningNode, paint: Painter): string {
  const { urls } = node;
  const links: [string, string][] = [
    ["REST", `${urls.rest}  ${paint.dim("every address, to try: /swagger/")}`],
    ["RPC", `${urls.rpc}  ${paint.dim("WebSocket at /websocket")}`],
    ["gRPC", urls.grpc],
    ["gRPC-web", urls.grpcWeb],
    ["faucet", `${urls.faucet}/faucet?address=secret1…`],
  ];
  const facts: [string, string][] = [
    ["chain", `${node.chainId}${node.isNew ? "" : `, continued at height ${node.startHeight}`}`],
    ["state", node.home],
    [
      "enclave",
      `attestation ${paint.yellow(node.attestation.toUpperCase())}${simulatedNote(node)}`,
    ],
    ["measurement", node.measurement],
    ["first block", `${(node.firstBlockMs / 1000).toFixed(2)} s after the start`],
  ];
  return [
    "",
    paint.bold("  Tacit is running.") + paint.dim("  Ctrl-C stops it, its state stays."),
    "",
    indent(table(links)),
    indent(table(facts)),
    `  ${paint.bold("accounts")}  ${paint.dim(`with public mnemonics, ${FUNDS}; \`tacit keys list\``)}`,
    indent(table(DEV_ACCOUNTS.map(({ name, address }) => [name, address]))),
    `  Try ${paint.cyan("npm run demo")}, or ${paint.cyan("npx tacit --help")}`,
    "",
  ].join("\n");
}

function simulatedNote(node: RunningNode): string {
  return node.attestation === "simulated" ? ": whoever runs this machine can read everything" : "";
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
