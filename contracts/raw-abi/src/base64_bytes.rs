use base64::{engine::general_purpose::STANDARD, Engine};
use serde::{de::Error, Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that are base64 text in JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64())
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(D::Error::custom)?;
        Ok(Bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{from_json, to_json};

    #[test]
    fn reads_what_it_writes_and_refuses_the_rest() {
        let bytes = Bytes(vec![0, 255, 7]);
        assert_eq!(to_json(&bytes), r#""AP8H""#);
        assert_eq!(from_json::<Bytes>(br#""AP8H""#).unwrap(), bytes);
        assert!(from_json::<Bytes>(br#""AP8""#).is_err());
    }
}
