/** An attestation service of the tests' own: a root, its authorities, a platform, and the quotes it makes. */
import "reflect-metadata";
import { createHash, webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  Extension,
  type X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** When everything of it is valid: from a day before until a month after. */
export const QUOTE_TIME_SECONDS = 1_750_000_000;

const day = 86_400_000;
const from = new Date(QUOTE_TIME_SECONDS * 1000 - day);
const until = new Date(QUOTE_TIME_SECONDS * 1000 + 30 * day);
const FMSPC = "00906ed50000";
const SGX_OID = "1.2.840.113741.1.13.1";

interface Issued {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface Attestation {
  /** DER, what the verifier is to trust. */
  readonly rootCa: Uint8Array;
  readonly quote: Uint8Array;
  readonly collateral: Uint8Array;
}

export interface AttestationOptions {
  readonly tcbStatus?: string;
  /** Serial numbers that the platform's authority has revoked. */
  readonly revoked?: readonly string[];
  /** Somebody else signs the platform authority's list. */
  readonly forgesCrl?: boolean;
  readonly crlUntil?: Date;
}

export const PCK_SERIAL = "0a0b0c";

export async function makeAttestation(options: AttestationOptions = {}): Promise<Attestation> {
  const root = await issue("CN=Root CA of the tests", undefined, { isAuthority: true });
  const authority = await issue("CN=Platform CA of the tests", root, { isAuthority: true });
  const signer = await issue("CN=TCB signing of the tests", root, {});
  const pck = await issue("CN=PCK of the tests", authority, {
    serial: PCK_SERIAL,
    extension: new Extension(SGX_OID, false, sgxExtension()),
  });
  const chain = (...parts: readonly Issued[]) =>
    parts.map(({ certificate }) => certificate.toString("pem")).join("\n");
  const other = await issue("CN=Platform CA of the tests", undefined, { isAuthority: true });
  const fields = [
    Buffer.from(chain(authority, root)),
    await revocations(root, [], options.crlUntil),
    await revocations(
      options.forgesCrl === true ? other : authority,
      options.revoked ?? [],
      options.crlUntil,
    ),
    Buffer.from(chain(signer, root)),
    await signedJson("tcbInfo", tcbInfo(options.tcbStatus ?? "UpToDate"), signer),
    Buffer.from(chain(signer, root)),
    await signedJson("enclaveIdentity", QE_IDENTITY, signer),
  ];
  const header = Buffer.alloc(32);
  for (const [index, field] of fields.entries()) {
    header.writeUInt32LE(field.length, 4 + 4 * index);
  }
  return {
    rootCa: new Uint8Array(root.certificate.rawData),
    quote: await quoteOf(pck, chain(pck, authority, root)),
    collateral: Buffer.concat([header, ...fields]),
  };
}

async function issue(
  subject: string,
  issuer: Issued | undefined,
  options: {
    readonly isAuthority?: boolean;
    readonly serial?: string;
    readonly extension?: Extension;
  },
): Promise<Issued> {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: options.serial ?? createHash("sha256").update(subject).digest("hex").slice(0, 14),
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    notBefore: from,
    notAfter: until,
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    extensions: [
      new BasicConstraintsExtension(options.isAuthority === true, undefined, true),
      ...(options.extension === undefined ? [] : [options.extension]),
    ],
  });
  return { certificate, keys };
}

async function revocations(
  { certificate, keys }: Issued,
  serials: readonly string[],
  nextUpdate = until,
): Promise<Uint8Array> {
  const crl = await X509CrlGenerator.create({
    issuer: certificate.subject,
    thisUpdate: from,
    nextUpdate,
    signingAlgorithm: ALGORITHM,
    signingKey: keys.privateKey,
    entries: serials.map((serialNumber) => ({ serialNumber, revocationDate: from })),
  });
  return new Uint8Array(crl.rawData);
}

async function sign(keys: webcrypto.CryptoKeyPair, bytes: Uint8Array): Promise<Buffer> {
  return Buffer.from(
    await webcrypto.subtle.sign(ALGORITHM, keys.privateKey, Uint8Array.from(bytes)),
  );
}

async function signedJson(name: string, body: object, { keys }: Issued): Promise<Buffer> {
  const signature = await sign(keys, Buffer.from(JSON.stringify(body)));
  const text = JSON.stringify({ [name]: body, signature: signature.toString("hex") });
  /** Intel's library ends texts with a zero. */
  return Buffer.from(`${text}\0`);
}

function tcbInfo(tcbStatus: string): object {
  const components = Array.from({ length: 16 }, () => ({ svn: 1 }));
  return {
    id: "SGX",
    version: 3,
    issueDate: from.toISOString(),
    nextUpdate: until.toISOString(),
    fmspc: FMSPC,
    pceId: "0000",
    tcbType: 0,
    tcbEvaluationDataNumber: 1,
    tcbLevels: [{ tcb: { sgxtcbcomponents: components, pcesvn: 5 }, tcbDate: from, tcbStatus }],
  };
}

const MR_SIGNER = "8c".repeat(32);

const QE_IDENTITY = {
  id: "QE",
  version: 2,
  issueDate: from.toISOString(),
  nextUpdate: until.toISOString(),
  tcbEvaluationDataNumber: 1,
  miscselect: "00000000",
  miscselectMask: "ffffffff",
  attributes: "11000000000000000000000000000000",
  attributesMask: "fbffffffffffffff0000000000000000",
  mrsigner: MR_SIGNER,
  isvprodid: 1,
  tcbLevels: [{ tcb: { isvsvn: 8 }, tcbDate: from.toISOString(), tcbStatus: "UpToDate" }],
};

/** DER of what Intel puts into a platform's certificate: TCB with its numbers, and the FMSPC. */
function sgxExtension(): Uint8Array {
  const entry = (path: readonly number[], value: Uint8Array) =>
    der(0x30, Buffer.concat([der(0x06, Buffer.from([...SGX_OID_BYTES, ...path])), value]));
  const octets = (bytes: Uint8Array) => der(0x04, bytes);
  const tcb = Buffer.concat([
    entry([2, 17], der(0x02, Buffer.from([5]))),
    entry([2, 18], octets(Buffer.alloc(16, 1))),
  ]);
  return der(
    0x30,
    Buffer.concat([
      entry([1], octets(Buffer.alloc(16, 7))),
      entry([2], der(0x30, tcb)),
      entry([4], octets(Buffer.from(FMSPC, "hex"))),
    ]),
  );
}

const SGX_OID_BYTES = [0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01];

function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  return Buffer.concat([Buffer.from(length < 128 ? [tag, length] : [tag, 0x81, length]), content]);
}

/** A report body of SGX, 384 bytes. */
function report(reportData: Uint8Array, isvSvn: number): Buffer {
  const body = Buffer.alloc(384);
  body.fill(1, 0, 16);
  body[48] = 0x11;
  body.fill(0xee, 64, 96);
  Buffer.from(MR_SIGNER, "hex").copy(body, 128);
  body.writeUInt16LE(1, 256);
  body.writeUInt16LE(isvSvn, 258);
  body.set(reportData, 320);
  return body;
}

/** Version 3: header, report, and who vouches for them. */
async function quoteOf(pck: Issued, pckChain: string): Promise<Uint8Array> {
  const attestation = (await webcrypto.subtle.generateKey(ALGORITHM, true, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
  const raw = Buffer.from(await webcrypto.subtle.exportKey("raw", attestation.publicKey));
  const key = raw.subarray(1);
  const qeAuthData = Buffer.alloc(32, 3);
  const header = Buffer.alloc(48);
  header.writeUInt16LE(3, 0);
  header.writeUInt16LE(2, 2);
  const signed = Buffer.concat([header, report(Buffer.from("said by the enclave"), 1)]);
  const qeHash = createHash("sha256").update(key).update(qeAuthData).digest();
  const qeReport = report(qeHash, 8);
  const certificates = Buffer.from(`${pckChain}\n\0`);
  const sizes = Buffer.alloc(8);
  sizes.writeUInt16LE(qeAuthData.length, 0);
  sizes.writeUInt16LE(5, 2);
  sizes.writeUInt32LE(certificates.length, 4);
  const authData = Buffer.concat([
    await sign(attestation, signed),
    key,
    qeReport,
    await sign(pck.keys, qeReport),
    sizes.subarray(0, 2),
    qeAuthData,
    sizes.subarray(2),
    certificates,
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(authData.length, 0);
  return Buffer.concat([signed, length, authData]);
}
