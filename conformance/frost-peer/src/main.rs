//! Holder 1 of a key that ZF's crates deal to three, who signs with holder 2, over lines on
//! standard input and output. Everything follows from the seed.
//!
//! `frost-peer SUITE SEED` says `key PUBLIC SHARE SHARE SHARE VERIFYING VERIFYING VERIFYING` and
//! `commit HIDING BINDING`; it takes `sign MESSAGE HIDING BINDING`, says `share SHARE`, takes
//! `combine SHARE`, and says `signature SIGNATURE`, or `refused` for a share that is wrong.

use std::collections::BTreeMap;
use std::io::{stdin, BufRead, Lines, StdinLock};

use frost_core::keys::{generate_with_dealer, IdentifierList, KeyPackage};
use frost_core::round1::{commit, NonceCommitment, SigningCommitments};
use frost_core::round2::{sign, SignatureShare};
use frost_core::{aggregate, Ciphersuite, Error, Identifier, SigningPackage};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, suite, seed] = arguments.as_slice() else {
        return Err("usage: frost-peer SUITE SEED".into());
    };
    let seed = seed.parse()?;
    match suite.as_str() {
        "ed25519" => converse::<frost_ed25519::Ed25519Sha512>(seed),
        "ristretto255" => converse::<frost_ristretto255::Ristretto255Sha512>(seed),
        "p256" => converse::<frost_p256::P256Sha256>(seed),
        "secp256k1" => converse::<frost_secp256k1::Secp256K1Sha256>(seed),
        "taproot" => converse::<frost_secp256k1_tr::Secp256K1Sha256TR>(seed),
        _ => Err("no such suite".into()),
    }
}

fn converse<C: Ciphersuite>(seed: u64) -> Result<(), Failure>
where
    Error<C>: 'static,
{
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let (shares, public) =
        generate_with_dealer::<C, _>(3, 2, IdentifierList::Default, &mut random)?;
    let [one, two, three]: [Identifier<C>; 3] =
        [1u16.try_into()?, 2u16.try_into()?, 3u16.try_into()?];
    let mut words = vec!["key".to_string(), hex(&public.verifying_key().serialize()?)];
    for index in [one, two, three] {
        words.push(hex(&shares[&index].signing_share().serialize()));
    }
    for index in [one, two, three] {
        words.push(hex(&public.verifying_shares()[&index].serialize()?));
    }
    println!("{}", words.join(" "));

    let key = KeyPackage::try_from(shares[&one].clone())?;
    let (nonces, commitments) = commit(key.signing_share(), &mut random);
    let hiding = hex(&commitments.hiding().serialize()?);
    println!(
        "commit {hiding} {}",
        hex(&commitments.binding().serialize()?)
    );

    let mut lines = stdin().lock().lines();
    let [message, hiding, binding] = words_of(&mut lines, "sign")?;
    let theirs = SigningCommitments::new(
        NonceCommitment::deserialize(&hiding)?,
        NonceCommitment::deserialize(&binding)?,
    );
    let package = SigningPackage::new(
        BTreeMap::from([(one, commitments), (two, theirs)]),
        &message,
    );
    let share = sign(&package, &nonces, &key)?;
    println!("share {}", hex(&share.serialize()));

    let [their_share] = words_of(&mut lines, "combine")?;
    let both = BTreeMap::from([
        (one, share),
        (two, SignatureShare::deserialize(&their_share)?),
    ]);
    match aggregate(&package, &both, &public) {
        Ok(signature) => println!("signature {}", hex(&signature.serialize()?)),
        Err(_) => println!("refused"),
    }
    Ok(())
}

fn words_of<const N: usize>(
    lines: &mut Lines<StdinLock>,
    name: &str,
) -> Result<[Vec<u8>; N], Failure> {
    let line = lines.next().ok_or("the other side is gone")??;
    let mut words = line.split(' ');
    if words.next() != Some(name) {
        return Err(format!("expected {name}").into());
    }
    let values: Vec<Vec<u8>> = words.map(bytes).collect::<Result<_, _>>()?;
    values
        .try_into()
        .map_err(|_| "another number of words".into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Result<Vec<u8>, Failure> {
    if hex.len() % 2 != 0 || !hex.is_ascii() {
        return Err("no hexadecimal".into());
    }
    let pairs = (0..hex.len()).step_by(2);
    Ok(pairs
        .map(|i| u8::from_str_radix(&hex[i..i + 2], 16))
        .collect::<Result<_, _>>()?)
}
