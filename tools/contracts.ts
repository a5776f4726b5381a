/**
 * Rebuilds the contracts and compares them with the committed artifacts (`npm run contracts`).
 *
 * With `--update` the artifacts and their checksums are replaced. Two ways of building: rustup's
 * wasm32 target, or Debian's packages, whose standard library is compiled along.
 * Different compilers give different bytes: then the comparison says so and fails.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const workspace = join(root, "contracts");
const artifacts = join(workspace, "artifacts");
const names = [
  "auction",
  "counter",
  "host_interface",
  "host_probe",
  "legacy",
  "lottery",
  "multisig",
  "snip20",
  "snip721",
  "vault",
  "voting",
] as const;
const target = "wasm32-unknown-unknown";

interface Toolchain {
  readonly name: string;
  readonly cargo: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  const unknown = args.filter((arg) => arg !== "--update" && arg !== "--debian");
  if (unknown.length > 0) {
    console.error(`unknown argument ${unknown[0]}; known: --update, --debian`);
    return 2;
  }
  const toolchain = findToolchain(args.includes("--debian"));
  if (toolchain === undefined) {
    console.error(
      [
        "No Rust that can build for WebAssembly was found. One of these helps:",
        `  rustup target add ${target}`,
        "  apt-get install rustc-web cargo-web rust-web-src clang lld      (Debian)",
      ].join("\n"),
    );
    return 1;
  }
  const output = mkdtempSync(join(tmpdir(), "tacit-contracts-"));
  try {
    console.log(`building with ${toolchain.name}; this takes a minute or two`);
    if (!build(toolchain, output)) return 1;
    const built = join(output, target, "release");
    return args.includes("--update") ? update(built) : compare(built);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function findToolchain(debianOnly: boolean): Toolchain | undefined {
  if (!debianOnly && hasRustupTarget()) {
    return {
      name: "rustup's toolchain",
      cargo: "cargo",
      args: [],
      env: { RUSTFLAGS: rustFlags("-C target-cpu=mvp -C link-arg=-s", "cargo", "rustc") },
    };
  }
  const [cargo, rustc] = ["/usr/bin/cargo", "/usr/bin/rustc"];
  if (!existsSync(cargo) || !existsSync(rustc)) return undefined;
  return {
    name: "Debian's rustc and cargo",
    cargo,
    args: ["-Zbuild-std=std,panic_abort"],
    env: {
      RUSTC: rustc,
      RUSTC_BOOTSTRAP: "1",
      RUSTFLAGS: rustFlags(
        "-C target-cpu=mvp -C link-arg=-s -C link-arg=--allow-undefined -C linker=lld -C linker-flavor=wasm-ld",
        cargo,
        rustc,
      ),
    },
  };
}

/** Paths of this machine must not end up in panic messages: they would change the checksum. */
function rustFlags(base: string, cargo: string, rustc: string): string {
  spawnSync(cargo, ["fetch", "--locked"], { cwd: workspace, stdio: "inherit" });
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const source = join(cargoHome, "registry", "src");
  const remaps = [
    [workspace, "contracts"],
    [join(sysroot(rustc), "lib", "rustlib", "src", "rust"), "rust"],
    ...registryFolders(source).map((folder) => [folder, "crates"]),
  ];
  return [base, ...remaps.map(([from, to]) => `--remap-path-prefix=${from}=${to}`)].join(" ");
}

/** Each registry's folder, so that its name does not enter the code either. */
function registryFolders(source: string): string[] {
  return existsSync(source) ? readdirSync(source).map((name) => join(source, name)) : [];
}

function sysroot(rustc: string): string {
  return spawnSync(rustc, ["--print", "sysroot"], { encoding: "utf8" }).stdout.trim();
}

function hasRustupTarget(): boolean {
  const listing = spawnSync("rustup", ["target", "list", "--installed"], { encoding: "utf8" });
  return listing.status === 0 && listing.stdout.split("\n").includes(target);
}

function build(toolchain: Toolchain, output: string): boolean {
  const result = spawnSync(
    toolchain.cargo,
    ["build", "--release", "--locked", "--target", target, ...toolchain.args],
    {
      cwd: workspace,
      stdio: "inherit",
      env: { ...process.env, ...toolchain.env, CARGO_TARGET_DIR: output },
    },
  );
  if (result.status !== 0) console.error("the build failed; the compiler's words are above");
  return result.status === 0;
}

function update(built: string): number {
  const lines: string[] = [];
  for (const name of names) {
    const bytes = readFileSync(join(built, `${name}.wasm`));
    writeFileSync(join(artifacts, `${name}.wasm`), bytes);
    lines.push(`${sha256(bytes)}  ${name}.wasm`);
    console.log(`${name}.wasm  ${bytes.length} bytes`);
  }
  writeFileSync(join(artifacts, "SHA256SUMS"), `${lines.join("\n")}\n`);
  return 0;
}

function compare(built: string): number {
  const sums = readFileSync(join(artifacts, "SHA256SUMS"), "utf8");
  let different = 0;
  for (const name of names) {
    const committed = readFileSync(join(artifacts, `${name}.wasm`));
    const rebuilt = readFileSync(join(built, `${name}.wasm`));
    const listed = sums.includes(`${sha256(committed)}  ${name}.wasm`);
    const same = committed.equals(rebuilt);
    if (!same || !listed) different += 1;
    const verdict = !listed ? "not as SHA256SUMS says" : same ? "identical" : "different";
    console.log(`${name}.wasm  ${verdict}  committed ${sha256(committed)}`);
    if (!same) console.log(`${" ".repeat(name.length)}       rebuilt ${sha256(rebuilt)}`);
  }
  if (different > 0) {
    console.error(
      "Some artifacts differ. Another compiler version explains it; `npm run contracts -- --update` takes the new ones over.",
    );
  }
  return different > 0 ? 1 : 0;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
