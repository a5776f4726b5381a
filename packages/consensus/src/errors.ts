import { ProtocolError } from "@tacit/encoding/errors";

/** Why a node cannot start or go on. */
export type ConsensusFailure =
  | { readonly code: "consensus/bad_genesis"; readonly field: string }
  | { readonly code: "consensus/genesis_changed"; readonly path: string }
  | { readonly code: "consensus/bad_key_file"; readonly path: string }
  | { readonly code: "consensus/data_dir_locked"; readonly path: string; readonly pid: number }
  | {
      readonly code: "consensus/data_dir_format";
      readonly path: string;
      readonly found: string;
      readonly expected: string;
    }
  | { readonly code: "consensus/app_ahead"; readonly app: bigint; readonly store: bigint }
  | { readonly code: "consensus/app_too_far_behind"; readonly app: bigint; readonly base: bigint }
  | { readonly code: "consensus/app_hash_mismatch"; readonly height: bigint }
  | { readonly code: "consensus/store_damaged"; readonly what: string }
  | { readonly code: "consensus/not_a_validator"; readonly height: bigint }
  | { readonly code: "consensus/bad_validator_update"; readonly reason: string }
  | { readonly code: "consensus/bad_param_update"; readonly field: string }
  | { readonly code: "consensus/proposal_rejected"; readonly height: bigint }
  | { readonly code: "consensus/proposal_too_large"; readonly height: bigint }
  | { readonly code: "consensus/bad_app_response"; readonly height: bigint }
  | { readonly code: "consensus/stopped" };

const SENTENCES: Readonly<Record<ConsensusFailure["code"], string>> = {
  "consensus/bad_genesis": "the genesis document is not valid",
  "consensus/genesis_changed": "the genesis document is not the one this data directory began with",
  "consensus/bad_key_file": "the key file cannot be read",
  "consensus/data_dir_locked": "another node is running on this data directory",
  "consensus/data_dir_format": "the data directory has another format version",
  "consensus/app_ahead": "the application has a block that the block store lacks",
  "consensus/app_too_far_behind": "the application needs a block that was pruned",
  "consensus/app_hash_mismatch": "the application's state root is not the one that was recorded",
  "consensus/store_damaged": "the block store contradicts itself",
  "consensus/not_a_validator": "this node's key is not in the validator set",
  "consensus/bad_validator_update": "the application returned an impossible validator change",
  "consensus/bad_param_update": "the application returned impossible consensus parameters",
  "consensus/proposal_rejected": "the application rejected the block it had prepared",
  "consensus/proposal_too_large": "the application prepared a block over the size limit",
  "consensus/bad_app_response": "the application answered with another number of results",
  "consensus/stopped": "the engine has stopped",
};

export class ConsensusError extends ProtocolError<ConsensusFailure> {
  constructor(failure: ConsensusFailure, options?: ErrorOptions) {
    super(failure, `${SENTENCES[failure.code]}${details(failure)}`, options);
  }
}

/** Why evidence of misbehaviour is not believed, with what was expected. */
export interface EvidenceFailure {
  readonly code:
    | "evidence/malformed"
    | "evidence/unknown_block"
    | "evidence/wrong_time"
    | "evidence/too_old"
    | "evidence/not_a_validator"
    | "evidence/no_contradiction"
    | "evidence/wrong_power"
    | "evidence/wrong_validators"
    | "evidence/bad_signature"
    | "evidence/too_large"
    | "evidence/pool_full";
  readonly reason: string;
}

const EVIDENCE_SENTENCES: Readonly<Record<EvidenceFailure["code"], string>> = {
  "evidence/malformed": "the evidence is not well formed",
  "evidence/unknown_block": "the block it is about is not stored here",
  "evidence/wrong_time": "it names another time than its block has",
  "evidence/too_old": "it is older than evidence may be",
  "evidence/not_a_validator": "who is accused was no validator then",
  "evidence/no_contradiction": "what was signed does not contradict",
  "evidence/wrong_power": "it names another power than the validators had",
  "evidence/wrong_validators": "it accuses other validators than those who signed",
  "evidence/bad_signature": "a signature is not valid",
  "evidence/too_large": "it fits no block",
  "evidence/pool_full": "too much evidence waits already",
};

export class EvidenceError extends ProtocolError<EvidenceFailure> {
  constructor(failure: EvidenceFailure, options?: ErrorOptions) {
    super(failure, `${EVIDENCE_SENTENCES[failure.code]}: ${failure.reason}`, options);
  }
}

/** Why a search or subscription query was refused. */
export type QueryFailure =
  | { readonly code: "query/too_long"; readonly charactersMax: number }
  | { readonly code: "query/syntax"; readonly offset: number; readonly expected: string }
  | { readonly code: "query/too_broad"; readonly scannedMax: number }
  | { readonly code: "query/page_too_large"; readonly bytesMax: number }
  | { readonly code: "query/busy"; readonly searchesMax: number };

export class QueryError extends ProtocolError<QueryFailure> {
  constructor(failure: QueryFailure) {
    super(failure, querySentence(failure));
  }
}

function querySentence(failure: QueryFailure): string {
  switch (failure.code) {
    case "query/too_long":
      return `maximum query length exceeded: ${failure.charactersMax} characters`;
    case "query/syntax":
      return `offset ${failure.offset}: expected ${failure.expected}`;
    case "query/too_broad":
      return `the query visits more than ${failure.scannedMax} index entries: narrow it`;
    case "query/page_too_large":
      return `the page is larger than ${failure.bytesMax} bytes: ask for fewer transactions`;
    case "query/busy":
      return `${failure.searchesMax} searches are under way: try again later`;
  }
}

function details(failure: ConsensusFailure): string {
  const { code: _, ...data } = failure;
  const entries = Object.entries(data).map(([name, value]) => `${name} ${value}`);
  return entries.length === 0 ? "" : ` (${entries.join(", ")})`;
}
