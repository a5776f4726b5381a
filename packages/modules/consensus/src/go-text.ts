/** Parameters as gogoproto prints a message on one line: what is zero is left out. */
import type { MsgUpdateParams } from "@tacit/encoding/proto/cosmos/consensus/v1/tx";

type Field = readonly [name: string, value: bigint | number | string | undefined];

/** The version, which no message sets, is printed empty. */
export function goParamsText({ block, evidence, validator, abci }: MsgUpdateParams): string {
  const age = evidence?.maxAgeDuration;
  const hasAge = age !== undefined && (age.seconds !== 0n || age.nanos !== 0);
  const ageText = hasAge ? fields(["seconds", age.seconds], ["nanos", age.nanos]) : undefined;
  const parts = [
    nested("block", fields(["max_bytes", block?.maxBytes], ["max_gas", block?.maxGas])),
    nested(
      "evidence",
      [
        fields(["max_age_num_blocks", evidence?.maxAgeNumBlocks]),
        ageText === undefined ? "" : nested("max_age_duration", ageText),
        fields(["max_bytes", evidence?.maxBytes]),
      ].join(""),
    ),
    nested(
      "validator",
      (validator?.pubKeyTypes ?? [])
        .map((type) => `pub_key_types:${JSON.stringify(type)} `)
        .join(""),
    ),
    nested("version", ""),
  ];
  if (abci !== undefined) {
    const height = abci.voteExtensionsEnableHeight;
    parts.push(nested("abci", fields(["vote_extensions_enable_height", height])));
  }
  return parts.join("");
}

function nested(name: string, content: string): string {
  return `${name}:<${content}> `;
}

function fields(...list: readonly Field[]): string {
  return list
    .filter(([, value]) => value !== undefined && value !== 0n && value !== 0)
    .map(([name, value]) => `${name}:${value} `)
    .join("");
}
