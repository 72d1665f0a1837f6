//! Signatures (Ed25519, RFC 8032): the door to them. Must not know what is signed.

use std::fmt;

use ed25519_dalek::{Signature as Raw, Signer as _, SigningKey as RawKey, VerifyingKey};

use super::hash::{NotHexadecimal, bytes_of, hexadecimal};

/// What signs. Whoever has it can sign, so it lies in a file of its own and never in the database.
pub struct SecretKey(RawKey);

impl SecretKey {
    /// The key of 32 bytes of chance.
    #[must_use]
    pub fn new(seed: &[u8; 32]) -> SecretKey {
        SecretKey(RawKey::from_bytes(seed))
    }

    /// Reads a key as [`SecretKey::seed`] tells it.
    ///
    /// # Errors
    /// [`NotHexadecimal`].
    pub fn of_seed(text: &str) -> Result<SecretKey, NotHexadecimal> {
        bytes_of(text).map(|seed| SecretKey::new(&seed))
    }

    /// What it is made from, in hexadecimal: for its file only.
    #[must_use]
    pub fn seed(&self) -> String {
        hexadecimal(self.0.as_bytes())
    }

    /// The half that may be known to everybody.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The signature under `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey of {}", self.public())
    }
}

/// What checks signatures: 32 bytes, in hexadecimal as text.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("format" = "paidan-public-key"))]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Whether `signature` was put under `message` by the secret half. Weak keys, which would
    /// sign everything, never did.
    #[must_use]
    pub fn signed(&self, message: &[u8], signature: &Signature) -> bool {
        let key = VerifyingKey::from_bytes(&self.0);
        key.is_ok_and(|key| key.verify_strict(message, &Raw::from_bytes(&signature.0)).is_ok())
    }

    /// Reads a key.
    ///
    /// # Errors
    /// [`NotHexadecimal`].
    pub fn read(text: &str) -> Result<PublicKey, NotHexadecimal> {
        bytes_of(text).map(PublicKey)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = NotHexadecimal;

    fn try_from(text: String) -> Result<PublicKey, NotHexadecimal> {
        PublicKey::read(&text)
    }
}

impl From<PublicKey> for String {
    fn from(read: PublicKey) -> String {
        read.to_string()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

/// A signature: 64 bytes, in hexadecimal as text.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("format" = "paidan-signature"))]
pub struct Signature([u8; 64]);

impl Signature {
    /// Reads a signature.
    ///
    /// # Errors
    /// [`NotHexadecimal`].
    pub fn read(text: &str) -> Result<Signature, NotHexadecimal> {
        bytes_of(text).map(Signature)
    }
}

impl TryFrom<String> for Signature {
    type Error = NotHexadecimal;

    fn try_from(text: String) -> Result<Signature, NotHexadecimal> {
        Signature::read(&text)
    }
}

impl From<Signature> for String {
    fn from(read: Signature) -> String {
        read.to_string()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{PublicKey, SecretKey, Signature};

    /// RFC 8032, section 7.1, test 2: one byte, 0x72.
    #[test]
    fn keys_and_signatures_are_those_of_the_standard() {
        let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        let key = SecretKey::of_seed(seed).unwrap();
        assert_eq!(key.public().to_string(), public);
        assert_eq!(key.sign(&[0x72]).to_string(), signature);
        assert!(key.public().signed(&[0x72], &Signature::read(signature).unwrap()));
        assert!(!key.public().signed(&[0x73], &Signature::read(signature).unwrap()));
    }

    #[test]
    fn a_key_that_would_sign_everything_signed_nothing() {
        let weak = PublicKey::read(&format!("01{}", "00".repeat(31))).unwrap();
        let signature = Signature::read(&format!("01{}", "00".repeat(63))).unwrap();
        assert!(!weak.signed(b"anything", &signature));
    }

    #[test]
    fn a_secret_key_does_not_slip_into_logs() {
        let key = SecretKey::new(&[7; 32]);
        assert!(!format!("{key:?}").contains(&key.seed()));
    }
}
