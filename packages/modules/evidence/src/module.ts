/** Evidence of misbehaviour. */
import { create } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { sha256 } from "@tacit/crypto";
import {
  decodeMessage,
  fromClientJson,
  fromHex,
  type Types,
  toClientJson,
  toHex,
} from "@tacit/encoding";
import { EquivocationSchema } from "@tacit/encoding/proto/cosmos/evidence/v1beta1/evidence";
import { GenesisStateSchema } from "@tacit/encoding/proto/cosmos/evidence/v1beta1/genesis";
import {
  Query,
  type QueryEvidenceRequest,
} from "@tacit/encoding/proto/cosmos/evidence/v1beta1/query";
import {
  type AddressCodec,
  type Context,
  grpcError,
  type Module,
  PlainError,
  paginate,
  type QueryRouter,
} from "@tacit/sdk";
import { type EvidenceKeepers, punishMisbehavior } from "./begin-block.ts";
import { registerMessages } from "./handlers.ts";
import { evidencePrefix, evidenceStoreName } from "./keys.ts";
import { allEvidence, getEvidence, setEvidence } from "./store.ts";

export interface EvidenceOptions {
  readonly addresses: AddressCodec;
}

/** The only kind of evidence there is. */
const types: Types = {
  getMessage: (name) => (name === EquivocationSchema.typeName ? EquivocationSchema : undefined),
};

export function createEvidenceModule(options: EvidenceOptions, keepers: EvidenceKeepers): Module {
  return {
    name: "evidence",
    register: ({ messages, queries, types: registry }) => {
      registry.register(EquivocationSchema);
      registerMessages(messages, options.addresses);
      registerQueries(queries);
    },
    beginBlock: (context) => punishMisbehavior(keepers, context),
    defaultGenesis: () => ({ evidence: [] }),
    initGenesis: (context, json) => {
      const state = fromClientJson(GenesisStateSchema, json, { types });
      for (const evidence of state.evidence) importEvidence(context, evidence);
      return undefined;
    },
    exportGenesis: (context) => {
      const evidence = [...allEvidence(context)];
      return toClientJson(GenesisStateSchema, create(GenesisStateSchema, { evidence }), types);
    },
  };
}

/** @throws {PlainError} for evidence that says nothing, or is there twice. */
function importEvidence(context: Context, evidence: Any): void {
  const { time, height, power, consensusAddress } = decodeMessage(
    EquivocationSchema,
    evidence.value,
  );
  if ((time?.seconds ?? 0n) <= 0n) throw new PlainError("invalid equivocation time");
  if (height < 1n) throw new PlainError(`invalid equivocation height: ${height}`);
  if (power < 1n) throw new PlainError(`invalid equivocation validator power: ${power}`);
  if (consensusAddress === "") {
    throw new PlainError("invalid equivocation validator consensus address: ");
  }
  const hash = sha256(evidence.value);
  if (getEvidence(context, hash) !== undefined) {
    throw new PlainError(`evidence with hash ${toHex(hash).toUpperCase()} already exists`);
  }
  setEvidence(context, evidence);
}

function registerQueries(queries: QueryRouter): void {
  queries.register(Query, {
    evidence: (context, request) => ({ evidence: findEvidence(context, request) }),
    allEvidence: (context, { pagination }) => {
      const store = context.kvStore(evidenceStoreName);
      const page = paginate(store, evidencePrefix, pagination, (_key, value) =>
        decodeMessage(AnySchema, value),
      );
      return { evidence: [...page.items], pagination: page.pagination };
    },
  });
}

function findEvidence(context: Context, { hash }: QueryEvidenceRequest) {
  if (hash === "") throw grpcError.invalidArgument("invalid request; hash is empty");
  let bytes: Uint8Array;
  try {
    bytes = fromHex(hash.toLowerCase());
  } catch (error) {
    throw new PlainError("invalid evidence hash", { cause: error });
  }
  const evidence = getEvidence(context, bytes);
  if (evidence === undefined) throw grpcError.notFound(`evidence ${hash} not found`);
  return evidence;
}
