import type { ChainData } from "../chain-data.ts";
import type { RpcContext } from "./context.ts";
import {
  commitToJson,
  consensusParamsToJson,
  hexToJson,
  type Json,
  timeToJson,
  validatorToJson,
} from "./json-chain.ts";
import { assertPage, heightOf, pageOf, perPageOf } from "./paging.ts";
import type { Params } from "./params.ts";
import { refuse } from "./rpc-error.ts";

/** The set that signs the next block is known already, so heights go one further. */
export function validators({ chain }: RpcContext, params: Params): Json {
  const height = heightOf(params, { chain, latest: nextHeight(chain) });
  const set = chain.validators(height);
  if (set === undefined) refuse(`could not find validator set for height #${height}`);
  const perPage = perPageOf(params, "per_page");
  const page = pageOf(params);
  const total = set.validators.length;
  assertPage(page, perPage, total);
  const listed = set.validators.slice((page - 1) * perPage, page * perPage);
  return {
    block_height: `${height}`,
    validators: listed.map(validatorToJson),
    count: `${listed.length}`,
    total: `${total}`,
  };
}

export function consensusParams({ chain }: RpcContext, params: Params): Json {
  const height = heightOf(params, { chain, latest: nextHeight(chain) });
  const found = chain.consensusParams(height);
  if (found === undefined) refuse(`could not find consensus params for height #${height}`);
  return { block_height: `${height}`, consensus_params: consensusParamsToJson(found) };
}

/** Between two blocks, which is where a node without peers always is: height, round 0, step 1. */
export function consensusState({ chain }: RpcContext): Json {
  const height = nextHeight(chain);
  const set = chain.validators(height);
  const count = set?.validators.length ?? 0;
  const power = set?.validators.reduce((total, each) => total + each.power, 0n) ?? 0n;
  const votes = Array.from({ length: count }, () => "nil-Vote");
  const bits = `BA{${count}:${"_".repeat(count)}} 0/${power} = 0.00`;
  const proposer = set?.proposer;
  return {
    round_state: {
      "height/round/step": `${height}/0/1`,
      start_time: lastTime(chain),
      proposal_block_hash: "",
      locked_block_hash: "",
      valid_block_hash: "",
      height_vote_set: [
        {
          round: 0,
          prevotes: votes,
          prevotes_bit_array: bits,
          precommits: votes,
          precommits_bit_array: bits,
        },
      ],
      proposer: {
        address: hexToJson(proposer?.address ?? new Uint8Array(0)),
        index: proposer === undefined ? 0 : (set?.validators.indexOf(proposer) ?? 0),
      },
    },
  };
}

export function dumpConsensusState({ chain }: RpcContext): Json {
  const height = nextHeight(chain);
  const last = chain.commit(height - 1n);
  return {
    round_state: {
      height: `${height}`,
      round: 0,
      step: 1,
      start_time: lastTime(chain),
      commit_time: lastTime(chain),
      validators: setToJson(chain, height),
      proposal: null,
      proposal_block: null,
      proposal_block_parts: null,
      locked_round: -1,
      locked_block: null,
      valid_round: -1,
      valid_block: null,
      votes: [],
      commit_round: -1,
      last_commit: last === undefined ? null : commitToJson(last.commit),
      last_validators: setToJson(chain, height - 1n),
      triggered_timeout_precommit: false,
    },
    peers: [],
  };
}

function setToJson(chain: ChainData, height: bigint): Json {
  const set = chain.validators(height);
  if (set === undefined) return null;
  return {
    validators: set.validators.map(validatorToJson),
    proposer: validatorToJson(set.proposer),
  };
}

function lastTime(chain: ChainData): string {
  return timeToJson(chain.status().latestBlock?.time ?? { seconds: 0n, nanos: 0 });
}

function nextHeight(chain: ChainData): bigint {
  return chain.status().latestHeight + 1n;
}
