//! Verifying that ciphertexts are a choice: each of 0 or 1, and so many of 1.

use alloc::vec::Vec;

use curve25519_dalek::{
    constants::RISTRETTO_BASEPOINT_POINT as G, traits::IsIdentity,
    traits::VartimeMultiscalarMul, RistrettoPoint, Scalar,
};
use sha3::digest::XofReader;

use crate::{decode_element, decode_scalar, sponge::Sponge, Ciphertext, Error, Key, CIPHERTEXT_BYTES};

const OPTIONS_MAX: u32 = 256;

/// Where an input belongs.
pub struct Context<'a> {
    pub contract: &'a str,
    pub sender: &'a str,
    pub session: &'a [u8],
}

/// Exactly `chosen` of `options` are 1.
#[derive(Clone, Copy)]
pub struct Choice {
    pub options: u32,
    pub chosen: u32,
}

/// The ciphertexts of an input that `encryptInput` made with the policy `choice`, min = max.
pub fn verify_choice(
    key: &Key,
    context: &Context,
    choice: Choice,
    input: &[u8],
) -> Result<Vec<Ciphertext>, Error> {
    let Choice { options, chosen } = choice;
    if options == 0 || options > OPTIONS_MAX || chosen > options {
        return Err(Error::Policy);
    }
    let count = options as usize;
    let (equations, secrets) = (4 * count + 1, 3 * count);
    if input.len() != count * CIPHERTEXT_BYTES + 32 * (equations + secrets) {
        return Err(Error::Length);
    }
    let (head, proof) = input.split_at(count * CIPHERTEXT_BYTES);
    let ciphertexts =
        head.chunks_exact(CIPHERTEXT_BYTES).map(Ciphertext::decode).collect::<Result<Vec<_>, _>>()?;
    let (sent, answers) = proof.split_at(32 * equations);
    let commitments = sent.chunks_exact(32).map(decode_element).collect::<Result<Vec<_>, _>>()?;
    let responses = answers.chunks_exact(32).map(decode_scalar).collect::<Result<Vec<_>, _>>()?;

    let mut sponge = Sponge::for_tag(&tag(key, context, choice));
    sponge.absorb(&statement(key, chosen, head));
    sponge.absorb(sent);
    let challenge = sponge.challenge();
    sponge.absorb(answers);
    let sum = weighted_sum(key, chosen, &ciphertexts, &commitments, &responses, challenge, &sponge);
    if sum.is_identity() {
        Ok(ciphertexts)
    } else {
        Err(Error::Proof)
    }
}

/// All equations as one sum, with weights that depend on everything absorbed.
fn weighted_sum(
    key: &Key,
    chosen: u32,
    ciphertexts: &[Ciphertext],
    commitments: &[RistrettoPoint],
    responses: &[Scalar],
    challenge: Scalar,
    sponge: &Sponge,
) -> RistrettoPoint {
    let mut weights = sponge.stream();
    let mut weight = || {
        let mut bytes = [0; 16];
        weights.read(&mut bytes);
        Scalar::from(u128::from_le_bytes(bytes))
    };
    let (mut on_g, mut on_h, mut on_p) = (Scalar::ZERO, Scalar::ZERO, Scalar::ZERO);
    let mut points = Vec::with_capacity(ciphertexts.len() * 6 + 4);
    let mut scalars = Vec::with_capacity(points.capacity());
    let total = weight();
    for (i, ciphertext) in ciphertexts.iter().enumerate() {
        let [message, random, product] = [responses[3 * i], responses[3 * i + 1], responses[3 * i + 2]];
        let (opening, handle, square, product_handle) = (weight(), weight(), weight(), weight());
        on_g += opening * message;
        on_h += opening * random + square * product + total * random;
        on_p += handle * random + product_handle * product;
        points.extend([ciphertext.commitment, ciphertext.handle]);
        scalars.extend([
            square * message - challenge * (opening + square + total),
            product_handle * message - challenge * (handle + product_handle),
        ]);
        points.extend(&commitments[4 * i..4 * i + 4]);
        scalars.extend([-opening, -handle, -square, -product_handle]);
    }
    on_g += total * challenge * Scalar::from(chosen);
    points.extend([G, key.commitment_base, key.handle_base, commitments[4 * ciphertexts.len()]]);
    scalars.extend([on_g, on_h, on_p, -total]);
    RistrettoPoint::vartime_multiscalar_mul(&scalars, &points)
}

fn tag(key: &Key, context: &Context, choice: Choice) -> Vec<u8> {
    let mut binding = Vec::new();
    for part in [context.contract.as_bytes(), context.sender.as_bytes(), context.session, b"choice", b""] {
        push_string(&mut binding, part);
    }
    for number in [choice.options, choice.chosen, choice.chosen] {
        push_number(&mut binding, number);
    }
    binding.extend(key.encode());
    let mut tag = Vec::new();
    push_string(&mut tag, b"tacit/encrypted-input/v1");
    push_string(&mut tag, b"ristretto255");
    push_string(&mut tag, &binding);
    tag
}

/// The relation as `packages/threshold` writes it: a composed statement of one relation.
fn statement(key: &Key, chosen: u32, ciphertexts: &[u8]) -> Vec<u8> {
    let encoded = key.encode();
    let mut elements = Elements(alloc::vec![G.compress().to_bytes()]);
    let count = ciphertexts.len() / CIPHERTEXT_BYTES;
    let mut relation = Vec::new();
    push_number(&mut relation, 4 * count as u32 + 1);
    let mut images = Vec::new();
    for (i, ciphertext) in ciphertexts.chunks_exact(CIPHERTEXT_BYTES).enumerate() {
        let [message, random, product] = [0, 1, 2].map(|offset| 3 * i as u32 + offset);
        let commitment = elements.number(&ciphertext[..32]);
        let commitment_base = elements.number(&encoded[..32]);
        let handle = elements.number(&ciphertext[32..]);
        let handle_base = elements.number(&encoded[32..]);
        push_equation(&mut relation, &[commitment], &[(message, 0), (random, commitment_base)]);
        push_equation(&mut relation, &[handle], &[(random, handle_base)]);
        push_equation(&mut relation, &[commitment], &[(message, commitment), (product, commitment_base)]);
        push_equation(&mut relation, &[handle], &[(message, handle), (product, handle_base)]);
        images.push(commitment);
    }
    let commitment_base = elements.number(&encoded[..32]);
    push_number(&mut relation, (count + usize::from(chosen > 0)) as u32);
    for image in images {
        push_term(&mut relation, image, Scalar::ONE);
    }
    if chosen > 0 {
        push_term(&mut relation, 0, -Scalar::from(chosen));
    }
    push_number(&mut relation, count as u32);
    for i in 0..count as u32 {
        push_number(&mut relation, 3 * i + 1);
        push_term(&mut relation, commitment_base, Scalar::ONE);
    }
    relation.extend(elements.0[1..].iter().flatten());

    let mut statement = Vec::new();
    push_number(&mut statement, 0);
    push_number(&mut statement, 0);
    push_string(&mut statement, &relation);
    statement
}

/// Elements in the order of their first use; one that comes again keeps its number.
struct Elements(Vec<[u8; 32]>);

impl Elements {
    fn number(&mut self, bytes: &[u8]) -> u32 {
        let known = self.0.iter().position(|element| element == bytes);
        known.unwrap_or_else(|| {
            let mut element = [0; 32];
            element.copy_from_slice(bytes);
            self.0.push(element);
            self.0.len() - 1
        }) as u32
    }
}

fn push_equation(output: &mut Vec<u8>, images: &[u32], terms: &[(u32, u32)]) {
    push_number(output, images.len() as u32);
    for image in images {
        push_term(output, *image, Scalar::ONE);
    }
    push_number(output, terms.len() as u32);
    for (scalar, element) in terms {
        push_number(output, *scalar);
        push_term(output, *element, Scalar::ONE);
    }
}

fn push_term(output: &mut Vec<u8>, element: u32, coefficient: Scalar) {
    push_number(output, element);
    output.extend(coefficient.as_bytes());
}

fn push_number(output: &mut Vec<u8>, number: u32) {
    output.extend(number.to_le_bytes());
}

fn push_string(output: &mut Vec<u8>, bytes: &[u8]) {
    push_number(output, bytes.len() as u32);
    output.extend(bytes);
}
