//! Every function that the network offers to a contract, of both interface versions.
//!
//! Calling one makes the module import it: a contract must call only those of its version.

extern "C" {
    pub fn db_read(key: u32) -> u32;
    pub fn db_write(key: u32, value: u32);
    pub fn db_remove(key: u32);
    /// Allowed by the upload check; no engine provides it.
    pub fn db_scan(start: u32, end: u32, order: u32) -> u32;
    pub fn db_next(iterator: u32) -> u32;

    /// v0.10.
    pub fn canonicalize_address(human: u32, canonical: u32) -> u32;
    /// v0.10.
    pub fn humanize_address(canonical: u32, human: u32) -> u32;
    /// v1, as all that follow in this group.
    pub fn addr_canonicalize(human: u32, canonical: u32) -> u32;
    pub fn addr_humanize(canonical: u32, human: u32) -> u32;
    pub fn addr_validate(human: u32) -> u32;

    pub fn query_chain(request: u32) -> u32;

    pub fn secp256k1_verify(hash: u32, signature: u32, public_key: u32) -> u32;
    pub fn secp256k1_recover_pubkey(hash: u32, signature: u32, recovery: u32) -> u64;
    pub fn ed25519_verify(message: u32, signature: u32, public_key: u32) -> u32;
    pub fn ed25519_batch_verify(messages: u32, signatures: u32, public_keys: u32) -> u32;
    pub fn secp256k1_sign(message: u32, private_key: u32) -> u64;
    pub fn ed25519_sign(message: u32, private_key: u32) -> u64;
    /// v1, as all that follow.
    pub fn dcap_quote_verify(quote: u32, collateral: u32) -> u64;

    pub fn check_gas() -> u64;
    pub fn gas_evaporate(gas: u32) -> u32;
    pub fn debug(text: u32);
}
