export type {
  BroadcastError,
  ChainData,
  ChainEvent,
  IndexedTx,
  NodeStatus,
  Page,
  StoredBlock,
} from "./chain-data.ts";
