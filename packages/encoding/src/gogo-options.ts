/** The options of gogoproto, cosmos_proto and amino that change bytes or JSON, read once a field. */
import { type DescField, type DescMessage, getOption, hasOption } from "@bufbuild/protobuf";
import {
  dont_omitempty,
  encoding,
  field_name,
  message_encoding,
  name,
  oneof_name,
} from "./generated/amino/amino_pb.ts";
import { accepts_interface, scalar } from "./generated/cosmos_proto/cosmos_pb.ts";
import {
  casttype,
  customtype,
  jsontag,
  nullable,
  stdduration,
  stdtime,
} from "./generated/gogoproto/gogo_pb.ts";

export interface FieldOptions {
  /** False for a Go struct field that is a value: always written, even when empty. */
  readonly nullable: boolean;
  /** `int` and `dec` are numbers as text: their zero value is written as "0". */
  readonly custom: "int" | "dec" | undefined;
  readonly stdTime: boolean;
  readonly stdDuration: boolean;
  /** Bytes that print as bech32. */
  readonly address: "account" | "validator" | "consensus" | undefined;
  /** Bytes that are JSON themselves. */
  readonly rawJson: boolean;
  readonly hexBytes: boolean;
  readonly jsonTag: string | undefined;
  readonly scalar: string;
  readonly acceptsInterface: string;
  readonly amino: {
    readonly encoding: string;
    readonly fieldName: string;
    readonly dontOmitEmpty: boolean;
    readonly oneofName: string;
  };
}

export interface MessageOptions {
  readonly aminoName: string;
  readonly aminoEncoding: string;
}

const CUSTOM: Readonly<Record<string, "int" | "dec">> = {
  "cosmossdk.io/math.Int": "int",
  "cosmossdk.io/math.Uint": "int",
  "github.com/cosmos/cosmos-sdk/types.Int": "int",
  "cosmossdk.io/math.LegacyDec": "dec",
  "github.com/cosmos/cosmos-sdk/types.Dec": "dec",
};

const ADDRESS: Readonly<Record<string, "account" | "validator" | "consensus">> = {
  "github.com/cosmos/cosmos-sdk/types.AccAddress": "account",
  "github.com/cosmos/cosmos-sdk/types.ValAddress": "validator",
  "github.com/cosmos/cosmos-sdk/types.ConsAddress": "consensus",
};

const PLAIN: FieldOptions = {
  nullable: true,
  custom: undefined,
  stdTime: false,
  stdDuration: false,
  address: undefined,
  rawJson: false,
  hexBytes: false,
  jsonTag: undefined,
  scalar: "",
  acceptsInterface: "",
  amino: { encoding: "", fieldName: "", dontOmitEmpty: false, oneofName: "" },
};

const fields = new WeakMap<DescField, FieldOptions>();
const messages = new WeakMap<DescMessage, MessageOptions>();

export function fieldOptions(field: DescField): FieldOptions {
  let options = fields.get(field);
  if (options === undefined) {
    options = field.proto.options === undefined ? PLAIN : readFieldOptions(field);
    fields.set(field, options);
  }
  return options;
}

function readFieldOptions(field: DescField): FieldOptions {
  const cast = getOption(field, casttype);
  return {
    nullable: hasOption(field, nullable) ? getOption(field, nullable) : true,
    custom: CUSTOM[getOption(field, customtype)],
    stdTime: getOption(field, stdtime),
    stdDuration: getOption(field, stdduration),
    address: ADDRESS[cast],
    rawJson: cast === "encoding/json.RawMessage",
    hexBytes: cast.endsWith(".HexBytes"),
    jsonTag: hasOption(field, jsontag) ? getOption(field, jsontag) : undefined,
    scalar: getOption(field, scalar),
    acceptsInterface: getOption(field, accepts_interface),
    amino: {
      encoding: getOption(field, encoding),
      fieldName: getOption(field, field_name),
      dontOmitEmpty: getOption(field, dont_omitempty),
      oneofName: getOption(field, oneof_name),
    },
  };
}

export function messageOptions(message: DescMessage): MessageOptions {
  let options = messages.get(message);
  if (options === undefined) {
    options = {
      aminoName: getOption(message, name),
      aminoEncoding: getOption(message, message_encoding),
    };
    messages.set(message, options);
  }
  return options;
}
