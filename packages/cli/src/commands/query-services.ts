/** Commands for every query of the network's modules, made from the services themselves. */

import {
  type DescField,
  type DescMethod,
  type DescService,
  getOption,
  hasOption,
  ScalarType,
} from "@bufbuild/protobuf";
import { networkQueryServices } from "@tacit/api/network";
import { fieldOptions } from "@tacit/encoding";
import { http } from "@tacit/encoding/proto/google/api/annotations";
import { Command } from "commander";
import { base } from "../chain/node.ts";
import { getJson } from "../client.ts";
import { CliError } from "../errors.ts";
import { Keyring } from "../keys/keyring.ts";
import { addClientSettings, clientSettings, examples } from "../options.ts";
import { print } from "../output.ts";
import { addressOf, integer, operatorOf } from "./parse.ts";
import { readable } from "./readable.ts";

type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** Group of a service that is not simply the second part of its name. */
const groups: Readonly<Record<string, string>> = {
  "cosmos.gov.v1beta1": "gov-v1beta1",
  "ibc.applications.interchain_accounts.controller.v1": "ica-controller",
  "ibc.applications.interchain_accounts.host.v1": "ica-host",
  "packetforward.v1": "packet-forward",
};

/** Short names that people know from other command lines. */
const aliases: Readonly<Record<string, string>> = {
  "staking DelegatorDelegations": "delegations",
  "staking ValidatorDelegations": "delegations-to",
  "staking DelegatorUnbondingDelegations": "unbonding-delegations",
  "staking ValidatorUnbondingDelegations": "unbonding-delegations-from",
  "distribution DelegationTotalRewards": "rewards",
  "distribution ValidatorCommission": "commission",
  "distribution ValidatorSlashes": "slashes",
  "gov TallyResult": "tally",
  "authz GranterGrants": "grants-by-granter",
  "authz GranteeGrants": "grants-by-grantee",
  "feegrant Allowance": "grant",
  "feegrant Allowances": "grants-by-grantee",
  "feegrant AllowancesByGranter": "grants-by-granter",
};

/** Adds to each module's group what it does not have yet. */
export function addServiceQueries(query: Command): void {
  for (const service of networkQueryServices) {
    const name = groupOf(service);
    let command = query.commands.find((one) => one.name() === name);
    if (command === undefined) {
      command = new Command(name).description(
        `queries of ${service.typeName.replace(/\.Query$/, "")}`,
      );
      query.addCommand(command);
    }
    for (const method of service.methods) addMethod(command, method);
  }
}

function groupOf(service: DescService): string {
  const scope = service.typeName.replace(/\.Query$/, "");
  return groups[scope] ?? (scope.split(".")[1] as string);
}

function addMethod(parent: Command, method: DescMethod): void {
  const path = pathOf(method);
  const name = kebab(method.name);
  if (path === undefined || parent.commands.some((one) => one.name() === name)) return;
  const variables = [...path.matchAll(/\{([a-z_]+)(?:=[^}]*)?\}/g)].map(
    ([, field]) => field as string,
  );
  const fields = method.input.fields.filter((field) => !variables.includes(field.name));
  const command = addClientSettings(new Command(name)).description(`GET ${path}`);
  const alias = aliases[`${parent.name()} ${method.name}`];
  if (alias !== undefined && !parent.commands.some((one) => one.name() === alias)) {
    command.alias(alias);
  }
  for (const variable of variables) command.argument(`<${kebab(variable)}>`);
  for (const field of fields) addFieldOptions(command, field);
  command.option("--height <height>", "as it was after this block (default: the newest)");
  command.action(async (...given: unknown[]) => {
    const flags = given[variables.length] as Flags;
    const settings = clientSettings(flags);
    const keyring = new Keyring(settings.home);
    const values = new Map(
      variables.map((variable, index) => [
        variable,
        resolve(keyring, method, variable, given[index] as string),
      ]),
    );
    const url = new URL(`${base(settings.rest)}${filled(path, values)}`);
    for (const field of fields) addParameters(url, field, flags, keyring, method);
    const answer = await getJson(`${url}`, heightHeaders(flags));
    print(settings.output, answer, readable);
  });
  parent.addCommand(examples(command, [exampleOf(parent, alias ?? name, variables)]));
}

function exampleOf(parent: Command, name: string, variables: readonly string[]): string {
  const args = variables.map((variable) =>
    variable.includes("id") ? "1" : `<${kebab(variable)}>`,
  );
  return ["tacit query", parent.name(), name, ...args].join(" ");
}

/** The first GET of the method's HTTP rule. */
function pathOf(method: DescMethod): string | undefined {
  if (!hasOption(method, http)) return undefined;
  const rule = getOption(method, http);
  return [rule, ...rule.additionalBindings].find(({ pattern }) => pattern.case === "get")?.pattern
    .value as string | undefined;
}

function filled(path: string, values: ReadonlyMap<string, string>): string {
  return path.replaceAll(/\{([a-z_]+)(=\*\*)?(?:=[^}]*)?\}/g, (_, name: string, rest?: string) => {
    const value = values.get(name) ?? "";
    return rest === undefined
      ? encodeURIComponent(value)
      : value.split("/").map(encodeURIComponent).join("/");
  });
}

/** Names of keys stand for their addresses, where the field is one. */
function resolve(keyring: Keyring, method: DescMethod, name: string, value: string): string {
  const field = method.input.fields.find((one) => one.name === name);
  const scalar = field === undefined ? "" : fieldOptions(field).scalar;
  if (value.startsWith("secret")) return value;
  if (scalar === "cosmos.ValidatorAddressString") return operatorOf(keyring, value);
  return scalar === "cosmos.AddressString" ? addressOf(keyring, value) : value;
}

const pageType = "cosmos.base.query.v1beta1.PageRequest";

function addFieldOptions(command: Command, field: DescField): void {
  if (field.message?.typeName === pageType) {
    command
      .option("--limit <number>", "at most so many")
      .option("--offset <number>", "leave out so many first")
      .option("--page-key <base64>", "go on behind an earlier answer's next_key")
      .option("--count-total", "say how many there are in all")
      .option("--reverse", "from the last to the first");
    return;
  }
  if (field.message !== undefined || field.fieldKind === "map") return;
  const isSwitch = field.scalar === ScalarType.BOOL;
  command.option(`--${kebab(flagOf(field))}${isSwitch ? "" : " <value>"}`, kindOf(field));
}

/** `--height` is that of the state which answers. */
function flagOf({ name }: DescField): string {
  return name === "height" ? "block_height" : name;
}

function kindOf(field: DescField): string {
  if (field.enum !== undefined) return field.enum.values.map(({ name }) => name).join(", ");
  return field.fieldKind === "list"
    ? "values separated by commas"
    : field.name.replaceAll("_", " ");
}

function addParameters(
  url: URL,
  field: DescField,
  flags: Flags,
  keyring: Keyring,
  method: DescMethod,
): void {
  if (field.message?.typeName === pageType) {
    const page = {
      limit: "limit",
      offset: "offset",
      key: "pageKey",
      count_total: "countTotal",
      reverse: "reverse",
    };
    for (const [name, flag] of Object.entries(page)) {
      const value = flags[flag];
      if (value === undefined) continue;
      if (name === "limit" || name === "offset") integer(`${value}`, `--${name}`);
      url.searchParams.set(`${field.name}.${name}`, `${value}`);
    }
    return;
  }
  const value = flags[camel(flagOf(field))];
  if (value === undefined) return;
  if (field.enum !== undefined && !field.enum.values.some(({ name }) => name === value)) {
    throw new CliError("cli/usage", `--${kebab(flagOf(field))} is one of ${kindOf(field)}.`);
  }
  const values = field.fieldKind === "list" ? `${value}`.split(",") : [`${value}`];
  for (const one of values) {
    url.searchParams.append(field.name, resolve(keyring, method, field.name, one));
  }
}

function heightHeaders({ height }: Flags): Readonly<Record<string, string>> {
  if (height === undefined) return {};
  return { "x-cosmos-block-height": `${integer(`${height}`, "--height")}` };
}

const kebab = (name: string) =>
  name
    .replaceAll("_", "-")
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, (_, before, first, last) =>
      last === undefined ? `${before}-${first}` : `${last}-`,
    )
    .toLowerCase();
const camel = (name: string) =>
  name.replaceAll(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
