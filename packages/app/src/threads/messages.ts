/** What the main thread and its workers say to each other. Everything survives a structured clone. */
import type { ChannelDescriptor, EnclaveInfo } from "@tacit/enclave-channel";
import type { Application, JsonValue, MinGasPrice } from "@tacit/sdk";
import type { NetworkDefinition } from "../networks/network.ts";

/** Where the application's state is. */
export interface StoreLocation {
  readonly directory: string;
  /** How many of the newest versions can be read; all by default. */
  readonly keepVersions?: number;
  /** Whether a commit waits for the disk; true by default. */
  readonly fsync?: boolean;
}

export interface BlockThreadData {
  readonly network: NetworkDefinition;
  readonly store: StoreLocation;
  readonly channel: ChannelDescriptor;
  readonly sealedFile: string;
  readonly minGasPrices: readonly MinGasPrice[];
  readonly version: string;
  readonly retainBlocks: bigint;
}

export interface QueryThreadData {
  readonly network: NetworkDefinition;
  readonly store: StoreLocation;
  readonly channel: ChannelDescriptor;
  readonly version: string;
  readonly queryGas: bigint | undefined;
  /** Of a {@link QueryWatch}. */
  readonly watch: SharedArrayBuffer;
}

/** Methods of the block thread. */
export interface BlockThreadMethods extends Omit<Application, "query"> {
  /** Connects to an enclave that was started again, so that queries can use it before a block does. */
  reviveEnclave(): Promise<void>;
  exportGenesis(height: bigint): Promise<{ readonly [module: string]: JsonValue }>;
  close(): Promise<void>;
}

export interface QueryThreadMethods extends Pick<Application, "query"> {
  /** Leaves the enclave's pipe. */
  disconnect(): Promise<void>;
  /** Waits for an engine of the enclave at the other end of a pipe. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

/** The first message of each worker: what it needs is there. */
export const startMessage = "start";

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** A failure as it travels: instances of classes do not. */
export interface CarriedError {
  readonly code: string;
  readonly message: string;
  /** Nothing may run after it. */
  readonly isFatal: boolean;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

export type FromWorker =
  /** The worker works; the block thread says what the enclave published. */
  | { readonly kind: "ready"; readonly enclave: EnclaveInfo | undefined }
  | { readonly kind: "failed_start"; readonly error: CarriedError }
  | { readonly kind: "done"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly error: CarriedError }
  | {
      readonly kind: "log";
      readonly level: LogLevel;
      readonly fields: Readonly<Record<string, unknown>>;
      readonly text: string;
    };
