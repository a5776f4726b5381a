//! The vectors that `packages/threshold` is held to.

use elgamal::{verify_choice, Choice, Ciphertext, Context, Error, Key, Scalar};
use serde_json::Value;

fn vectors() -> Value {
    let text = include_str!("../../../vectors/threshold-elgamal/vectors.json");
    serde_json::from_str(text).expect("vectors are JSON")
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().expect("a string")
}

fn bytes(value: &Value, field: &str) -> Vec<u8> {
    let hex = text(value, field);
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hex")).collect()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a Vec<Value> {
    let items = value[field].as_array().expect("a list");
    assert!(!items.is_empty());
    items
}

fn scalar(value: &Value, field: &str) -> Scalar {
    let array = bytes(value, field).try_into().expect("32 bytes");
    Scalar::from_canonical_bytes(array).expect("canonical")
}

fn error(name: &str) -> Error {
    match name {
        "Length" => Error::Length,
        "Element" => Error::Element,
        "Identity" => Error::Identity,
        "Key" => Error::Key,
        other => panic!("unknown reason {other}"),
    }
}

#[test]
fn keys_are_of_two_kinds_or_refused() {
    let vectors = vectors();
    for key in list(&vectors, "keys") {
        let hex = key.as_str().expect("a string");
        let wrapped = serde_json::json!({ "key": hex });
        let key = bytes(&wrapped, "key");
        assert_eq!(Key::decode(&key).expect("a key").encode().to_vec(), key);
    }
    for item in list(&vectors, "badKeys") {
        assert_eq!(Key::decode(&bytes(item, "key")), Err(error(text(item, "why"))));
    }
    let fixed = bytes(&vectors, "fixedCommitmentBase");
    let first = list(&vectors, "keys")[0].as_str().expect("a string");
    assert!(first.starts_with(text(&vectors, "fixedCommitmentBase")) && fixed.len() == 32);
}

#[test]
fn encryption_gives_the_same_bytes() {
    let vectors = vectors();
    for item in list(&vectors, "ciphertexts") {
        let key = Key::decode(&bytes(item, "key")).expect("a key");
        let made = Ciphertext::encrypt_with(&key, &scalar(item, "message"), &scalar(item, "randomness"));
        let expected = bytes(item, "ciphertext");
        assert_eq!(made.and_then(|item| item.encode()).map(Vec::from), Ok(expected.clone()));
        assert_eq!(Ciphertext::decode(&expected), made);
        assert_eq!(Ciphertext::encrypt_with(&key, &Scalar::ONE, &Scalar::ZERO), Err(Error::Scalar));
    }
}

#[test]
fn operations_give_the_same_bytes() {
    let vectors = vectors();
    let item = &vectors["operations"];
    let read = |field: &str| Ciphertext::decode(&bytes(item, field)).expect("a ciphertext");
    let (left, right) = (read("left"), read("right"));
    let key = Key::decode(&bytes(&vectors["ciphertexts"][0], "key")).expect("a key");
    assert_eq!(left + right, read("sum"));
    assert_eq!([left, right].into_iter().sum::<Ciphertext>(), read("sum"));
    assert_eq!(left - right, read("difference"));
    assert_eq!(left * &scalar(item, "factor"), read("scaled"));
    assert_eq!(left.add_public(&scalar(item, "amount")), read("added"));
    assert_eq!(left.rerandomize(&key, &scalar(item, "randomness")), Ok(read("rerandomized")));
    assert_eq!((left - left).encode(), Err(Error::Identity));
    assert_eq!(Ciphertext::zero().encode(), Err(Error::Identity));
}

#[test]
fn hostile_ciphertexts_are_refused() {
    for item in list(&vectors(), "badCiphertexts") {
        let read = Ciphertext::decode(&bytes(item, "ciphertext"));
        assert_eq!(read, Err(error(text(item, "why"))), "{item}");
    }
}

struct Ballot {
    key: Key,
    contract: String,
    sender: String,
    session: Vec<u8>,
    choice: Choice,
    input: Vec<u8>,
}

fn ballots() -> Vec<Ballot> {
    let number = |item: &Value, field: &str| item[field].as_u64().expect("a number") as u32;
    list(&vectors(), "choices")
        .iter()
        .map(|item| Ballot {
            key: Key::decode(&bytes(item, "key")).expect("a key"),
            contract: text(item, "contract").into(),
            sender: text(item, "sender").into(),
            session: bytes(item, "session"),
            choice: Choice { options: number(item, "options"), chosen: number(item, "chosen") },
            input: bytes(item, "input"),
        })
        .collect()
}

fn verify(ballot: &Ballot) -> Result<Vec<Ciphertext>, Error> {
    let Ballot { key, contract, sender, session, choice, input } = ballot;
    verify_choice(key, &Context { contract, sender, session }, *choice, input)
}

#[test]
fn choices_are_verified_and_are_their_ciphertexts() {
    for ballot in ballots() {
        let read = verify(&ballot).expect("a choice");
        let encoded: Vec<u8> = read.iter().flat_map(|item| item.encode().expect("bytes")).collect();
        assert_eq!(encoded, ballot.input[..64 * ballot.choice.options as usize]);
    }
}

#[test]
fn choices_are_refused_when_moved_changed_cut_or_of_another_number() {
    for mut ballot in ballots() {
        let Choice { options, chosen } = ballot.choice;
        for at in (0..ballot.input.len()).step_by(16) {
            ballot.input[at] ^= 2;
            assert!(verify(&ballot).is_err(), "byte {at}");
            ballot.input[at] ^= 2;
        }
        let another = if chosen == 0 { 1 } else { chosen - 1 };
        let choices = [(options, another), (options, options + 1), (0, 0)];
        for other in choices.map(|(options, chosen)| Choice { options, chosen }) {
            ballot.choice = other;
            assert!(matches!(verify(&ballot), Err(Error::Policy | Error::Proof)));
        }
        ballot.choice = Choice { options: options + 1, chosen };
        assert_eq!(verify(&ballot), Err(Error::Length));
        ballot.choice = Choice { options, chosen };
        ballot.sender.push('x');
        assert_eq!(verify(&ballot), Err(Error::Proof));
        ballot.sender.pop();
        ballot.session.push(0);
        assert_eq!(verify(&ballot), Err(Error::Proof));
        ballot.session.pop();
        ballot.contract.insert(0, ' ');
        assert_eq!(verify(&ballot), Err(Error::Proof));
        ballot.contract.remove(0);
        let last = ballot.input.pop().expect("bytes");
        assert_eq!(verify(&ballot), Err(Error::Length));
        ballot.input.extend([last, 0]);
        assert_eq!(verify(&ballot), Err(Error::Length));
        ballot.input.pop();
        assert!(verify(&ballot).is_ok());
    }
}
