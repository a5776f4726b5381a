/** `tacit query gas-report`: where the gas of one's own transaction went. */
import { Command } from "commander";
import { connectAs, getJson, openAnswer, type Sender, type TxFlags } from "../client.ts";
import type { ClientSettings } from "../config.ts";
import { CliError } from "../errors.ts";
import { addClientSettings, clientSettings, examples } from "../options.ts";
import { print } from "../output.ts";

/** As the enclave writes it; gas is SDK gas, wasm gas a thousandth of it. */
interface GasReport {
  readonly contract: string;
  readonly entry_point: string;
  readonly gas: { readonly compute: number; readonly storage: number };
  readonly wasm_gas: {
    readonly total: number;
    readonly instructions: number;
    readonly instruction_classes: readonly { readonly name: string; readonly gas: number }[];
    /** The dearest; a contract may have more. */
    readonly functions: readonly {
      readonly index: number;
      readonly name: string;
      readonly gas: number;
    }[];
    readonly host_calls: readonly {
      readonly name: string;
      readonly calls: number;
      readonly gas: number;
    }[];
  };
  readonly records: Readonly<Record<string, number>>;
}

const NONCE_BYTES = 32;

export function gasReportCommand(): Command {
  const command = addClientSettings(new Command("gas-report"))
    .description("where the gas of your transaction went (nodes started with --contract-debug)")
    .argument("<hash>", "of the transaction")
    .requiredOption("--from <key>", "name of the key that sent it")
    .option("--passphrase-file <path>", "read the key's passphrase from a file")
    .action(async (hash: string, flags: TxFlags) => {
      const settings = clientSettings({ ...flags });
      const sealed = await sealedReports(settings, hash);
      const sender = await connectAs(settings, flags.from, flags);
      const reports: GasReport[] = [];
      for (const each of sealed) reports.push(await openReport(settings, sender, each));
      print(settings.output, reports, (all) => all.map(textOf).join("\n"));
    });
  return examples(command, ["tacit query gas-report 4F2A… --from a"]);
}

/** @throws {CliError} `cli/not_found` if the node made none. */
async function sealedReports(
  settings: ClientSettings,
  hash: string,
): Promise<readonly Uint8Array[]> {
  const base = settings.rest.replace(/\/+$/, "");
  const answer = await getJson(`${base}/cosmos/tx/v1beta1/txs/${encodeURIComponent(hash)}`);
  const { info = "" } = answer.tx_response as { readonly info?: string };
  const found = Array.from(info.matchAll(/^gas_report (\S+)$/gm), ([, text]) =>
    Uint8Array.from(Buffer.from(text!, "base64")),
  );
  if (found.length > 0) return found;
  const hint = "Only networks made with --contract-debug have them, for messages to contracts.";
  throw new CliError("cli/not_found", `Transaction ${hash} has no gas report.`, hint);
}

/** @throws {CliError} `cli/refused` if another key sent the message. */
async function openReport(
  settings: ClientSettings,
  { key }: Sender,
  report: Uint8Array,
): Promise<GasReport> {
  try {
    const nonce = report.slice(0, NONCE_BYTES);
    const json = await openAnswer(settings, key, nonce, report.slice(NONCE_BYTES));
    return JSON.parse(Buffer.from(json).toString("utf8")) as GasReport;
  } catch (cause) {
    const message = "The report is not for this key: only who sent the message can read it.";
    throw new CliError("cli/refused", message, undefined, { cause });
  }
}

type Row = readonly [name: string, calls: string, used: number];

function textOf(report: GasReport): string {
  const { contract, entry_point, gas, wasm_gas, records } = report;
  const line = ([name, calls, used]: Row): string => {
    const share = ((100 * used) / Math.max(1, wasm_gas.total)).toFixed(1);
    return `  ${name.padEnd(24)}${calls.padStart(6)}${String(used).padStart(16)}${share.padStart(8)} %`;
  };
  const rows: readonly Row[] = [
    ["instructions", "", wasm_gas.instructions],
    ...wasm_gas.instruction_classes.map(({ name, gas: used }): Row => [`  ${name}`, "", used]),
    ...wasm_gas.host_calls.map(({ name, calls, gas: used }): Row => [name, `${calls} x`, used]),
    ["all wasm gas", "", wasm_gas.total],
  ];
  const functions = wasm_gas.functions.map(({ index, name, gas: used }): Row => {
    return [`  ${name || `function ${index}`}`, "", used];
  });
  const counts = Object.entries(records).map(
    ([name, count]) => `${count} ${name.replace("_", " ")}`,
  );
  return [
    `${entry_point} of ${contract}: ${gas.compute} gas for its work, ${gas.storage} for its records`,
    "  (work is a thousandth of the wasm gas, once the network has taken off what records cost)",
    ...rows.map(line),
    "  of the instructions, in these functions, without what they called:",
    ...functions.map(line),
    `  records: ${counts.join(", ")}`,
  ].join("\n");
}
