import { concat } from "@tacit/crypto";
import type { CallGas } from "@tacit/enclave-channel";
import type { EntryPoint, GasReport } from "@tacit/vm";
import { utf8 } from "./bytes.ts";
import type { CallEnvironment } from "./env.ts";
import { MESSAGE_AD, type MessageKey, NONCE_BYTES } from "./message/input.ts";
import { padWithSpaces } from "./message/padding.ts";

/** Every report fits into one, with all classes, all host calls and the longest names. */
export const REPORT_BLOCK_BYTES = 5 * 1024;

/**
 * Where the gas of a call went, for the author of the message alone: `nonce32 ‖ ciphertext` of
 * JSON under the message's own key, which clients open as they open any answer.
 *
 * It tells how often and how much a contract read and wrote, also of records that are not the
 * author's. So it is made only on networks whose contracts may speak to the log as well.
 */
export function sealGasReport(
  { header, key }: MessageKey,
  entryPoint: EntryPoint,
  { contract }: CallEnvironment,
  report: GasReport,
  gas: CallGas,
): Uint8Array {
  const json = gasReportJson(contract, entryPoint, report, gas);
  const sealed = key.seal(padWithSpaces(utf8(json), REPORT_BLOCK_BYTES), MESSAGE_AD);
  return concat(header.subarray(0, NONCE_BYTES), sealed);
}

/** Gas is SDK gas; wasm gas a thousandth of it. */
export function gasReportJson(
  contract: string,
  entryPoint: EntryPoint,
  report: GasReport,
  gas: CallGas,
): string {
  const { reads, bytesRead, writes, bytesWritten, removals } = report.storage;
  const { classes, functions } = report.instructionGas;
  return JSON.stringify({
    contract,
    entry_point: entryPoint,
    gas: { compute: Number(gas.compute), storage: Number(gas.storage) },
    wasm_gas: {
      total: Number(report.total),
      instructions: Number(report.instructions),
      instruction_classes: classes.map(({ name, gas }) => ({ name, gas: Number(gas) })),
      functions: functions.map(({ index, name, gas }) => ({ index, name, gas: Number(gas) })),
      host_calls: report.hostCalls.map(({ name, calls, gas }) => ({
        name,
        calls,
        gas: Number(gas),
      })),
    },
    records: {
      reads,
      bytes_read: bytesRead,
      writes,
      bytes_written: bytesWritten,
      removals,
    },
  });
}
