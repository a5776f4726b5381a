use raw_abi::{copy, give, imports, space, take, Bytes, Region};

use crate::script::{sections, Arg, Call, CallResult};

/// What an import gave back, by its kind.
enum Returned {
    Nothing,
    Number(u64),
    /// A region, or 0 for none.
    Region(u32),
    /// A region in the low half if the high half is 0.
    RegionOrCode(u64),
}

/// Calls an import. Only an unknown name or a wrong number of arguments is an error here.
pub fn perform(call: &Call) -> Result<CallResult, String> {
    let args: Vec<u32> = call.args.iter().map(lower).collect();
    let returned = invoke(&call.import, &args)
        .ok_or_else(|| format!("no import {} of {} arguments", call.import, args.len()))?;
    let is_space = |arg: &&Arg| matches!(arg, Arg::Space(_));
    let written = call.args.iter().position(|arg| is_space(&arg));
    let (number, region) = match returned {
        Returned::Nothing => (None, None),
        Returned::Number(number) => (Some(number.to_string()), None),
        Returned::Region(0) => (Some("0".to_string()), None),
        Returned::Region(pointer) => (Some("region".to_string()), Some(pointer)),
        Returned::RegionOrCode(both) if both >> 32 == 0 => {
            (Some("region".to_string()), Some(both as u32))
        }
        Returned::RegionOrCode(both) => (Some(format!("code {}", both >> 32)), None),
    };
    Ok(CallResult {
        returned: number,
        bytes: region.map(|pointer| Bytes(take(pointer))),
        written: written.map(|index| Bytes(copy(args[index]))),
    })
}

fn lower(arg: &Arg) -> u32 {
    match arg {
        Arg::Bytes(bytes) => give(bytes.0.clone()),
        Arg::Sections(list) => give(sections(list)),
        Arg::Space(capacity) => space(*capacity),
        Arg::Number(number) => *number,
        Arg::Region {
            offset,
            capacity,
            length,
        } => Box::into_raw(Box::new(Region {
            offset: *offset,
            capacity: *capacity,
            length: *length,
        })) as u32,
    }
}

fn invoke(name: &str, args: &[u32]) -> Option<Returned> {
    use Returned::{Nothing, Number, Region, RegionOrCode};
    Some(unsafe {
        match (name, args) {
            ("db_read", [key]) => Region(imports::db_read(*key)),
            ("db_write", [key, value]) => {
                imports::db_write(*key, *value);
                Nothing
            }
            ("db_remove", [key]) => {
                imports::db_remove(*key);
                Nothing
            }
            ("db_scan", [start, end, order]) => {
                Number(imports::db_scan(*start, *end, *order).into())
            }
            ("db_next", [iterator]) => Number(imports::db_next(*iterator).into()),
            ("addr_canonicalize", [human, out]) => Region(imports::addr_canonicalize(*human, *out)),
            ("addr_humanize", [canonical, out]) => Region(imports::addr_humanize(*canonical, *out)),
            ("addr_validate", [human]) => Region(imports::addr_validate(*human)),
            ("query_chain", [request]) => Region(imports::query_chain(*request)),
            ("secp256k1_verify", [hash, signature, key]) => {
                Number(imports::secp256k1_verify(*hash, *signature, *key).into())
            }
            ("secp256k1_recover_pubkey", [hash, signature, recovery]) => RegionOrCode(
                imports::secp256k1_recover_pubkey(*hash, *signature, *recovery),
            ),
            ("ed25519_verify", [message, signature, key]) => {
                Number(imports::ed25519_verify(*message, *signature, *key).into())
            }
            ("ed25519_batch_verify", [messages, signatures, keys]) => {
                Number(imports::ed25519_batch_verify(*messages, *signatures, *keys).into())
            }
            ("secp256k1_sign", [message, key]) => {
                RegionOrCode(imports::secp256k1_sign(*message, *key))
            }
            ("ed25519_sign", [message, key]) => RegionOrCode(imports::ed25519_sign(*message, *key)),
            // Its low half is a verdict of the quote, not a pointer.
            ("dcap_quote_verify", [quote, collateral]) => {
                Number(imports::dcap_quote_verify(*quote, *collateral))
            }
            ("check_gas", []) => Number(imports::check_gas()),
            ("gas_evaporate", [gas]) => Number(imports::gas_evaporate(*gas).into()),
            ("debug", [text]) => {
                imports::debug(*text);
                Nothing
            }
            _ => return None,
        }
    })
}
