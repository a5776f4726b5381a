/** The state of a stopped node as a genesis document. */
import { existsSync } from "node:fs";
import { type ExportOptions, exportCommitted } from "@tacit/app";
import { type DataDir, genesisToJson, readGenesis } from "@tacit/consensus";
import { openMultiStoreReader } from "@tacit/store";
import { CliError } from "../errors.ts";
import { claimDataDir } from "./data-directory.ts";
import { networkOf } from "./network.ts";

export interface DocumentOptions extends ExportOptions {
  readonly home: string;
  /** 0: the last. */
  readonly height: bigint;
}

/**
 * @returns the document as JSON.
 * @throws {CliError} `cli/data_dir` without a chain or while a node runs; {AppError} `app/export`;
 *   {StoreError} `store/version_unknown`.
 */
export async function exportDocument(options: DocumentOptions): Promise<unknown> {
  const directory = claimDataDir(options.home);
  try {
    return await exportFrom(directory, options);
  } finally {
    directory.release();
  }
}

async function exportFrom(directory: DataDir, options: DocumentOptions): Promise<unknown> {
  if (!existsSync(directory.genesisFile)) {
    const message = `There is no chain in ${directory.path}.`;
    throw new CliError("cli/data_dir", message, "Name a node's home with --home.");
  }
  const reader = openMultiStoreReader({ directory: directory.applicationDir });
  try {
    const exported = exportCommitted(networkOf(directory), reader, options);
    return genesisToJson({
      ...readGenesis(directory.genesisFile),
      genesisTime: exported.time,
      initialHeight: exported.initialHeight,
      consensusParams: exported.consensusParams,
      validators: exported.validators.map((each) => ({ ...each, keyType: "ed25519" as const })),
      appHash: new Uint8Array(),
      appState: exported.appState,
    });
  } finally {
    await reader.close();
  }
}
