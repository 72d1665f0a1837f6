//! What is kept beside the events, as plain rows. Moments are milliseconds of UTC since 1970 and
//! always come from outside.

use crate::desk::hash::Hash;
use crate::desk::personal::PersonalText;

/// A version of a document: a client, a person, an absence, a published plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// What kind of thing it is.
    pub kind: String,
    /// Which of them.
    pub key: String,
    /// From 1, one more with every change.
    pub version: u64,
    /// Its text; none when this version took the document away, or was erased.
    pub body: Option<String>,
    /// When it was put.
    pub at_ms: i64,
    /// By whom.
    pub actor: String,
}

/// That a thing stands in a list, and what is said of it there: only as true as whoever puts it in
/// the batch of what it tells. It has no versions and no chain, and can be made anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Which thing.
    pub key: String,
    /// What is said of it; may be empty.
    pub body: String,
}

/// A personal text, or what is left of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Text {
    /// It is there.
    Kept(PersonalText),
    /// It was erased at this moment.
    Erased(i64),
}

/// The answer to a request that may come again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Whose key it is and for which call: keys of two callers never meet.
    pub scope: String,
    /// What the caller calls the request.
    pub key: String,
    /// The hash of the request's body, to tell a repeated request from another one.
    pub digest: Hash,
    /// The status answered.
    pub status: u16,
    /// The body answered. Its first line is for whoever keeps it and tells nothing personal: only
    /// the rest is emptied once anything personal was erased, which it might tell.
    pub body: Vec<u8>,
    /// When.
    pub created_ms: i64,
    /// From when on it counts no more.
    pub expires_ms: i64,
}

/// A message to be sent about an event. What it says is made anew for every try and kept nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// Its number.
    pub id: u64,
    /// The position of the event.
    pub position: u64,
    /// Where to.
    pub target: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before.
    pub next_ms: i64,
    /// Given up.
    pub is_dead: bool,
    /// What the last try came to, such as a status; never what was sent or answered.
    pub said: Option<String>,
}

/// Somebody looked at something (R244).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Access {
    /// When.
    pub at_ms: i64,
    /// Who.
    pub actor: String,
    /// What he did, such as `read` or `export`.
    pub verb: String,
    /// What kind of thing he saw.
    pub kind: String,
    /// Which of them.
    pub key: String,
    /// Which part of it, or for what; may be empty.
    pub detail: String,
}

/// A key that lets a program in. The key itself is nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiKey {
    /// Its public beginning, by which it is found.
    pub prefix: String,
    /// SHA-256 of the whole key.
    pub hash: Hash,
    /// What its holder is.
    pub role: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// For whom its holder speaks; nobody but himself where there is none.
    pub people: Vec<String>,
    /// When it was made.
    pub created_ms: i64,
    /// From when on it is of no use.
    pub expires_ms: Option<i64>,
    /// The prefix of the key it takes the place of.
    pub rotated_from: Option<String>,
    /// When it was taken back.
    pub revoked_ms: Option<i64>,
}
