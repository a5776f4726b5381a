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
import { gunzipSync, gzipSync } from "node:zlib";

const root = join(import.meta.dirname, "..");
const workspace = join(root, "contracts");
const artifacts = join(workspace, "artifacts");
const names = [
  "aes_siv",
  "auction",
  "ballots",
  "counter",
  "host_interface",
  "host_probe",
  "legacy",
  "lottery",
  "multisig",
  "ristretto",
  "snip20",
  "snip721",
  "vault",
  "voting",
] as const;
const target = "wasm32-unknown-unknown";
/** Modules for bundlers, which load no files: packed, as text in a source file. */
const embedded = [
  {
    name: "aes_siv",
    constant: "AES_SIV_WASM",
    file: "crypto/src/generated/aes-siv-wasm.ts",
  },
  {
    name: "ristretto",
    constant: "RISTRETTO_WASM",
    file: "threshold/src/generated/ristretto-wasm.ts",
  },
] as const;
type Embedded = (typeof embedded)[number];
/** Modules that take a fifth longer where the rounds of a cipher are calls of functions. */
const inlined: readonly string[] = ["aes_siv"];
const INLINE_FLAGS = "-C llvm-args=-inline-threshold=1000";

interface Toolchain {
  readonly name: string;
  readonly cargo: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>> & { readonly RUSTFLAGS: string };
}

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  const only = args.filter((arg) => names.some((name) => name === arg));
  const unknown = args.filter((arg) => !["--update", "--debian", ...only].includes(arg));
  if (unknown.length > 0) {
    console.error(`unknown argument ${unknown[0]}; known: --update, --debian, a contract's name`);
    return 2;
  }
  const wanted = only.length === 0 ? [...names] : only;
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
    console.log(`building with ${toolchain.name}; all of them take some minutes`);
    if (!build(toolchain, output, wanted)) return 1;
    const built = join(output, target, "release");
    return args.includes("--update") ? update(built, wanted) : compare(built, wanted);
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

/**
 * One after the other: cargo gives packages that it builds together the union of the features they
 * ask of a crate, so that a contract's bytes would hang on its neighbours.
 */
function build(toolchain: Toolchain, output: string, wanted: readonly string[]): boolean {
  return wanted.every((name) => {
    const isInlined = inlined.includes(name);
    const RUSTFLAGS = `${toolchain.env.RUSTFLAGS}${isInlined ? ` ${INLINE_FLAGS}` : ""}`;
    const result = spawnSync(
      toolchain.cargo,
      [
        "build",
        "--release",
        "--locked",
        "--target",
        target,
        "-p",
        name.replaceAll("_", "-"),
        ...toolchain.args,
      ],
      {
        cwd: workspace,
        stdio: "inherit",
        env: { ...process.env, ...toolchain.env, RUSTFLAGS, CARGO_TARGET_DIR: output },
      },
    );
    if (result.status !== 0)
      console.error(`${name}: the build failed; the compiler's words are above`);
    return result.status === 0;
  });
}

function update(built: string, wanted: readonly string[]): number {
  const lines: string[] = [];
  for (const name of names) {
    const source = wanted.includes(name) ? built : artifacts;
    const bytes = readFileSync(join(source, `${name}.wasm`));
    writeFileSync(join(artifacts, `${name}.wasm`), bytes);
    lines.push(`${sha256(bytes)}  ${name}.wasm`);
    console.log(`${name}.wasm  ${bytes.length} bytes`);
  }
  writeFileSync(join(artifacts, "SHA256SUMS"), `${lines.join("\n")}\n`);
  for (const module of embedded) embed(module);
  return 0;
}

function embed({ name, constant, file }: Embedded): void {
  const text = gzipSync(readFileSync(join(artifacts, `${name}.wasm`)), { level: 9 });
  const lines = [
    `// Generated by \`npm run contracts -- --update\` from contracts/artifacts/${name}.wasm.`,
    "/** The module, packed with gzip, in base64. */",
    `export const ${constant} = "${text.toString("base64")}";`,
  ];
  writeFileSync(join(root, "packages", file), `${lines.join("\n")}\n`);
}

/** Whether the packed text is the committed module. */
function isEmbedded({ name, file }: Embedded): boolean {
  const source = readFileSync(join(root, "packages", file), "utf8");
  const text = /"([A-Za-z0-9+/=]+)"/.exec(source)?.[1] ?? "";
  const module = readFileSync(join(artifacts, `${name}.wasm`));
  return gunzipSync(Buffer.from(text, "base64")).equals(module);
}

function compare(built: string, wanted: readonly string[]): number {
  const sums = readFileSync(join(artifacts, "SHA256SUMS"), "utf8");
  let different = 0;
  for (const name of wanted) {
    const committed = readFileSync(join(artifacts, `${name}.wasm`));
    const rebuilt = readFileSync(join(built, `${name}.wasm`));
    const listed = sums.includes(`${sha256(committed)}  ${name}.wasm`);
    const same = committed.equals(rebuilt);
    if (!same || !listed) different += 1;
    const verdict = !listed ? "not as SHA256SUMS says" : same ? "identical" : "different";
    console.log(`${name}.wasm  ${verdict}  committed ${sha256(committed)}`);
    if (!same) console.log(`${" ".repeat(name.length)}       rebuilt ${sha256(rebuilt)}`);
  }
  for (const module of embedded) {
    if (isEmbedded(module)) continue;
    different += 1;
    console.log(`${module.file}  is not the committed ${module.name}.wasm`);
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
