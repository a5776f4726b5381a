/** Places of modules in `params`. All but one keep their parameters themselves by now. */
import { type KeyTable, type ParamType, textParam } from "@tacit/module-params";
import { type AddressCodec, PlainError } from "@tacit/sdk";

const names = [
  "auth",
  "bank",
  "staking",
  "mint",
  "distribution",
  "slashing",
  "transfer",
  "ibc",
  "icacontroller",
  "icahost",
  "gov",
  "compute",
  "register",
  "emergencybutton",
  "cron",
];

const empty: KeyTable = new Map();

const switchStatus: ParamType = {
  normalize: textParam.normalize,
  validate: (value) => {
    if (value === "on" || value === "off") return;
    throw new PlainError(`invalid value for switch status: ${value}`);
  },
};

function pauserAddress(addresses: AddressCodec): ParamType {
  return {
    normalize: textParam.normalize,
    validate: (value) => {
      if (value !== "") addresses.toBytes(value as string);
    },
  };
}

/** A change of a parameter that no table has fails the proposal's transaction as a panic. */
export function secretSubspaces(addresses: AddressCodec): ReadonlyMap<string, KeyTable> {
  const tables = new Map(names.map((name) => [name, empty]));
  return tables.set(
    "emergencybutton",
    new Map([
      ["switchstatus", switchStatus],
      ["pauseraddress", pauserAddress(addresses)],
    ]),
  );
}
