//! Texts about people, kept apart from the events that speak of them.
//!
//! An event holds `SHA-256(salt ‖ text)` and nothing else of the text. Text and salt lie beside
//! the log and can be erased; the chain stays whole, and without the salt nobody can try out texts
//! against the hash that remains. Must not know where they lie.

use super::hash::Hash;

/// Bytes of chance before a text.
pub type Salt = [u8; 16];

/// A text with its salt.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalText {
    /// Whom or what it is about, such as `client/C1`; all of one subject are erased together.
    pub subject: String,
    /// Fresh for every text, from the system's source of chance.
    pub salt: Salt,
    /// The text.
    pub text: String,
}

impl PersonalText {
    /// What stands for it in an event's payload, and what it is asked for by.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of_all(&[&self.salt, self.text.as_bytes()])
    }
}

/// Says of whom, never what: logs are read by many.
impl std::fmt::Debug for PersonalText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonalText({})", self.subject)
    }
}

#[cfg(test)]
mod tests {
    use super::PersonalText;

    fn text(salt: u8) -> PersonalText {
        let (subject, text) = ("client/C1".to_owned(), "王芳 13800000000".to_owned());
        PersonalText { subject, salt: [salt; 16], text }
    }

    #[test]
    fn the_same_text_has_another_hash_with_another_salt() {
        assert_eq!(text(1).hash(), text(1).hash());
        assert_ne!(text(1).hash(), text(2).hash());
    }

    #[test]
    fn a_text_does_not_slip_into_logs() {
        assert_eq!(format!("{:?}", text(1)), "PersonalText(client/C1)");
    }
}
