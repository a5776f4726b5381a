/**
 * Messages as Go prints them with `%s`: the compact text format of gogoproto. Logs and events of the
 * Cosmos SDK contain it.
 */
import type { DescField, DescMessage, MessageShape } from "@bufbuild/protobuf";
import { fieldOptions } from "./gogo-options.ts";

type Fields = Readonly<Record<string, unknown>>;

/** `name:value ` for each field that is not empty, as declared; nested messages in `<` and `>`. */
export function toCompactText<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
): string {
  return messageText(schema, message as unknown as Fields);
}

function messageText(schema: DescMessage, message: Fields): string {
  return schema.members
    .map((member) => {
      if (member.kind !== "oneof") return fieldText(member, message[member.localName]);
      const chosen = message[member.localName] as { case?: string; value?: unknown } | undefined;
      const field = member.fields.find(({ localName }) => localName === chosen?.case);
      return field === undefined ? "" : named(field, valueText(field, chosen?.value));
    })
    .join("");
}

const named = (field: DescField, text: string) => `${field.name}:${text} `;

function fieldText(field: DescField, value: unknown): string {
  if (field.fieldKind === "map") {
    return Object.keys((value ?? {}) as object)
      .sort()
      .map((key) =>
        named(field, `<key:${quote(key)} value:${valueText(field, (value as Fields)[key])} >`),
      )
      .join("");
  }
  if (field.fieldKind === "list") {
    return ((value ?? []) as readonly unknown[])
      .map((one) => named(field, valueText(field, one)))
      .join("");
  }
  const options = fieldOptions(field);
  if (options.custom !== undefined && !options.nullable) {
    return named(field, quote(value === undefined || value === "" ? "0" : value));
  }
  if (field.fieldKind === "message") {
    const present = value ?? (options.nullable ? undefined : {});
    return present === undefined ? "" : named(field, valueText(field, present));
  }
  const isAbsent = value === undefined || (!field.proto.proto3Optional && isEmpty(value));
  return isAbsent ? "" : named(field, valueText(field, value));
}

function isEmpty(value: unknown): boolean {
  return (
    value === 0 ||
    value === 0n ||
    value === false ||
    value === "" ||
    (value instanceof Uint8Array && value.length === 0)
  );
}

function valueText(field: DescField, value: unknown): string {
  if (field.message !== undefined) return `<${messageText(field.message, value as Fields)}>`;
  if (field.enum !== undefined) return field.enum.value[value as number]?.name ?? `${value}`;
  return typeof value === "string" || value instanceof Uint8Array ? quote(value) : `${value}`;
}

const utf8 = new TextEncoder();
const escapes: Readonly<Record<number, string>> = {
  10: "\\n",
  13: "\\r",
  9: "\\t",
  34: '\\"',
  92: "\\\\",
};

function quote(value: unknown): string {
  const bytes = value instanceof Uint8Array ? value : utf8.encode(value as string);
  let text = '"';
  for (const byte of bytes) {
    const isPrintable = byte >= 0x20 && byte < 0x7f;
    text +=
      escapes[byte] ??
      (isPrintable ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`);
  }
  return `${text}"`;
}
