/** What can go wrong at the command line: each error says what, where, and what to do next. */
import { ProtocolError } from "@tacit/encoding/errors";

/** Exit codes of the command, listed in its help. */
export const EXIT = {
  success: 0,
  failure: 1,
  usage: 2,
  unreachable: 3,
  transactionFailed: 4,
  notFound: 5,
} as const;

export type CliFailureCode =
  | "cli/usage"
  | "cli/setting"
  | "cli/unreachable"
  | "cli/tx_failed"
  | "cli/not_found"
  | "cli/key_unknown"
  | "cli/key_exists"
  | "cli/key_name"
  | "cli/key_file"
  | "cli/passphrase"
  | "cli/mnemonic"
  | "cli/file"
  | "cli/json"
  | "cli/port_taken"
  | "cli/data_dir"
  | "cli/refused";

export interface CliFailure {
  readonly code: CliFailureCode;
  /** One sentence: what to do next. */
  readonly hint?: string;
}

const EXIT_OF: Partial<Record<CliFailureCode, number>> = {
  "cli/usage": EXIT.usage,
  "cli/setting": EXIT.usage,
  "cli/unreachable": EXIT.unreachable,
  "cli/tx_failed": EXIT.transactionFailed,
  "cli/not_found": EXIT.notFound,
};

export class CliError extends ProtocolError<CliFailure> {
  /** @param message what went wrong and where. @param hint what to do next. */
  constructor(code: CliFailureCode, message: string, hint?: string, options?: ErrorOptions) {
    super(hint === undefined ? { code } : { code, hint }, message, options);
  }

  get exitCode(): number {
    return EXIT_OF[this.code] ?? EXIT.failure;
  }
}
