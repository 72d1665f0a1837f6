//! Keys that let programs in: made, shown once, found again by their beginning, compared without
//! telling by time how much of them is right, rotated and taken back. The door to `subtle`.
//!
//! A key is `pd_`, its prefix (12 digits), `_`, its secret (256 bits, 64 digits) and 8 check
//! digits, all hexadecimal. The store keeps the prefix and the SHA-256 of the whole.

mod again;
mod remembered;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::Service;
use super::caller::Caller;
use super::change::Change;
use super::hooks::Hooks;
use super::kept::{Page, all_keys, must_be_key};
use super::refusal::{Refusal, Unidentified};
use super::role::{Permission, Role};
use crate::app::clock::stamp;
use crate::app::{Failure, chance};
use crate::calendar::Label;
use crate::desk::event::Stream;
use crate::desk::hash::{Hash, hexadecimal};
use crate::store::row::ApiKey;
use crate::store::{Shared, Write};

pub(super) use remembered::Remembered;

/// What every key begins with.
const MARK: &str = "pd_";
/// Bytes of chance in a prefix.
const PREFIX_BYTES: usize = 6;
/// Bytes of chance in a secret.
const SECRET_BYTES: usize = 32;
/// Check digits.
const CHECK_DIGITS: usize = 8;

/// What a new key is to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wish {
    /// What its holder is.
    pub role: Role,
    /// What it is for; nothing: everything the role may.
    pub scopes: Vec<Permission>,
    /// For whom its holder speaks at the desk; nobody but himself where there is none.
    pub people: Vec<String>,
    /// From when on it is of no use, in milliseconds of UTC since 1970.
    pub expires_ms: Option<i64>,
}

/// A key as it is listed: nothing secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Listed {
    /// Its public beginning, by which it is named.
    pub prefix: String,
    /// What its holder is.
    pub role: String,
    /// What it is for; none: everything the role may.
    pub scopes: Vec<String>,
    /// For whom its holder speaks at the desk, whose posts are his then; of one person alone he
    /// speaks without being asked for whom. None: for nobody, as do keys made before this was
    /// asked, and he holds what posts his role brings and no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// When it was made.
    pub created: String,
    /// From when on it is of no use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// The prefix of the key it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotated_from: Option<String>,
    /// From when on it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
    /// Whether it opens anything now.
    pub is_of_use: bool,
}

impl Listed {
    /// The key of `row` as it is at `now_ms`.
    #[must_use]
    pub(super) fn of(row: ApiKey, now_ms: i64) -> Listed {
        Listed {
            is_of_use: is_of_use(&row, now_ms),
            prefix: row.prefix,
            role: row.role,
            scopes: row.scopes,
            people: row.people,
            created: stamp(row.created_ms),
            expires: row.expires_ms.map(stamp),
            rotated_from: row.rotated_from,
            revoked: row.revoked_ms.map(stamp),
        }
    }
}

/// A key just made. Nobody can show it again.
#[derive(Clone, PartialEq, Eq)]
pub struct MadeKey {
    /// What its holder has to show.
    pub key: String,
    /// What is kept of it.
    pub listed: Listed,
}

/// Never shows the key: logs are read by many.
impl std::fmt::Debug for MadeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MadeKey({})", self.listed.prefix)
    }
}

impl Service {
    /// Lets in whoever shows `presented`, or says why not.
    ///
    /// # Errors
    /// [`Refusal::Unidentified`], and what the store fails by.
    pub fn authenticate(&self, presented: &str, now_ms: i64) -> Result<Caller, Refusal> {
        let prefix = prefix_of(presented).map_err(Refusal::Unidentified)?;
        let (row, first, forgotten) = match self.keys.find(prefix, now_ms) {
            Ok((row, first)) => (row, Some(first), 0),
            Err(forgotten) => {
                let found = self.store.key(prefix)?;
                (found.ok_or(Refusal::Unidentified(Unidentified::Unknown))?, None, forgotten)
            }
        };
        let shown = Hash::of(presented.as_bytes());
        if !bool::from(shown.bytes().ct_eq(row.hash.bytes())) {
            return Err(Refusal::Unidentified(Unidentified::Unknown));
        }
        if row.revoked_ms.is_some_and(|end| end <= now_ms) {
            return Err(Refusal::Unidentified(Unidentified::Revoked));
        }
        if row.expires_ms.is_some_and(|end| end <= now_ms) {
            return Err(Refusal::Unidentified(Unidentified::Expired));
        }
        if let Some(first) = first {
            return caller(&row, &first);
        }
        let first = first_of(&self.store, &row)?;
        let caller = caller(&row, &first)?;
        self.keys.keep((row, first), now_ms, forgotten);
        Ok(caller)
    }

    /// Makes a key. Nobody gives more than he has.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Wish`], and what fails outside.
    pub fn make_key(&self, caller: &Caller, wish: Wish, now: i64) -> Result<MadeKey, Refusal> {
        caller.must(Permission::KeyManage)?;
        self.keyring(caller).make(wish, now)
    }

    /// Makes a key in the place of the one called `prefix`, which ends after `overlap_ms`.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], [`Refusal::Impossible`] for a key that is of
    /// no use any more, and what fails outside.
    pub fn rotate_key(
        &self,
        caller: &Caller,
        prefix: &str,
        overlap_ms: i64,
        now_ms: i64,
    ) -> Result<MadeKey, Refusal> {
        caller.must(Permission::KeyManage)?;
        let made = self.keyring(caller).rotate(prefix, overlap_ms, now_ms)?;
        self.keys.forget(prefix);
        Ok(made)
    }

    /// Takes back the key called `prefix`, at once.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], and what fails outside.
    pub fn revoke_key(&self, caller: &Caller, prefix: &str, now_ms: i64) -> Result<(), Refusal> {
        caller.must(Permission::KeyManage)?;
        self.keyring(caller).revoke(prefix, now_ms)?;
        self.keys.forget(prefix);
        Ok(())
    }

    fn keyring(&self, caller: &Caller) -> Keyring<'_> {
        Keyring { store: &self.store, hooks: Some(&self.hooks), caller: caller.clone() }
    }

    /// Keys by prefix, behind `after`; never their secrets, which nobody has.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], and what the store fails by.
    pub fn keys(
        &self,
        caller: &Caller,
        (after, most): (Option<&str>, usize),
        now_ms: i64,
    ) -> Result<Page<Listed>, Refusal> {
        caller.must(Permission::KeyManage)?;
        let mut rows = self.store.keys(after, most + 1)?;
        let more = rows.split_off(most.min(rows.len()));
        let next = more.first().and(rows.last()).map(|row| row.prefix.clone());
        let items = rows.into_iter().map(|row| Listed::of(row, now_ms)).collect();
        Ok(Page { items, next, unread: Vec::new() })
    }

    /// Whether anybody could be let in: a server open to others must not start without a key.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn has_keys(&self, now_ms: i64) -> Result<bool, Refusal> {
        let is_of_use = |row: &ApiKey| is_of_use(row, now_ms);
        Ok(all_keys(&self.store)?.iter().any(is_of_use))
    }

    /// Whether a key was ever made, of use still or not: where that is so, nobody is let in without
    /// one any more.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn had_keys(&self) -> Result<bool, Refusal> {
        Ok(!self.store.keys(None, 1)?.is_empty())
    }
}

/// The keys, and who lays hands on them; hooks hear of it where they are known.
pub(super) struct Keyring<'a> {
    store: &'a Shared,
    hooks: Option<&'a Hooks>,
    caller: Caller,
}

impl Keyring<'_> {
    /// The keys as the owner of the machine has them.
    pub(super) fn of_owner(store: &Shared) -> Keyring<'_> {
        Keyring { store, hooks: None, caller: Caller::machine_owner() }
    }

    /// Makes a key; whoever calls this has shown that he may.
    pub(super) fn make(&self, wish: Wish, now_ms: i64) -> Result<MadeKey, Refusal> {
        self.written(self.planned(wish, now_ms)?)
    }

    /// A key by `wish`, and what has to be written for it.
    fn planned(&self, wish: Wish, now_ms: i64) -> Result<(Change, MadeKey), Refusal> {
        let Wish { role, scopes, people, expires_ms } = wish;
        check(role, &scopes, expires_ms, now_ms)?;
        check_people(&people)?;
        let row = ApiKey {
            prefix: String::new(),
            hash: Hash::of(&[]),
            role: role.name().to_owned(),
            scopes: scopes.iter().map(|scope| scope.name().to_owned()).collect(),
            people,
            created_ms: now_ms,
            expires_ms,
            rotated_from: None,
            revoked_ms: None,
        };
        self.must_have(&row)?;
        self.put(Change::by(&self.caller, now_ms), row)
    }

    pub(super) fn rotate(
        &self,
        prefix: &str,
        overlap_ms: i64,
        now_ms: i64,
    ) -> Result<MadeKey, Refusal> {
        self.written(self.turned(prefix, overlap_ms, now_ms)?)
    }

    /// A key in the place of the one called `prefix`, and what has to be written for it.
    fn turned(
        &self,
        prefix: &str,
        overlap_ms: i64,
        now_ms: i64,
    ) -> Result<(Change, MadeKey), Refusal> {
        let old = found(self.store, prefix)?;
        if !is_of_use(&old, now_ms) {
            return Err(Refusal::Impossible(Label::new(
                format!("密钥 {prefix} 已不可用，无法轮换：请新建一个"),
                format!("the key {prefix} is of no use any more: make a new one instead"),
            )));
        }
        self.must_have(&old)?;
        let end = now_ms.saturating_add(overlap_ms.max(0));
        let mut change = Change::by(&self.caller, now_ms);
        change.and(Write::RevokeKey { prefix: prefix.to_owned(), at_ms: end });
        self.tell(&mut change, prefix, "key.rotated", &json!({"ends": stamp(end)}))?;
        // The new one lasts as long as the old one was to last in all, and is for the same, scopes
        // unknown here too.
        let expires_ms = old.expires_ms.map(|end| now_ms.saturating_add(end - old.created_ms));
        let rotated_from = Some(old.prefix.clone());
        let row = ApiKey { created_ms: now_ms, expires_ms, rotated_from, revoked_ms: None, ..old };
        self.put(change, row)
    }

    pub(super) fn revoke(&self, prefix: &str, now_ms: i64) -> Result<(), Refusal> {
        found(self.store, prefix)?;
        let mut change = Change::by(&self.caller, now_ms);
        change.and(Write::RevokeKey { prefix: prefix.to_owned(), at_ms: now_ms });
        self.tell(&mut change, prefix, "key.revoked", &json!({}))?;
        self.store.commit(change.batch())?;
        Ok(())
    }

    /// Goes on only when the caller has all that the key of `row` gives. What is unknown here may
    /// be handed on by who is bound by nothing.
    fn must_have(&self, row: &ApiKey) -> Result<(), Refusal> {
        let is_known = |scope: &String| Permission::named(scope).is_some();
        let is_all_known = Role::named(&row.role).is_some() && row.scopes.iter().all(is_known);
        if !is_all_known && self.caller.scopes().is_some() {
            return Err(Refusal::Impossible(Label::new(
                format!("本程序不认识密钥 {} 的全部权限，不能由受限的密钥轮换", row.prefix),
                format!(
                    "the key {} is for things unknown to this program: a key with scopes does \
                     not rotate it",
                    row.prefix
                ),
            )));
        }
        self.caller.must_speak_for_all_of(&row.people)?;
        match caller(row, &row.prefix) {
            Ok(given) => self.caller.must_have_all_of(&given),
            // A role unknown here opens nothing here.
            Err(_) => Ok(()),
        }
    }

    /// `row` as a new key with a prefix and a secret of its own, and `change` with it.
    fn put(&self, mut change: Change, row: ApiKey) -> Result<(Change, MadeKey), Refusal> {
        let (prefix, key) = fresh()?;
        let row = ApiKey { prefix, hash: Hash::of(key.as_bytes()), ..row };
        let now_ms = row.created_ms;
        change.and(Write::PutKey(row.clone()));
        let listed = Listed::of(row, now_ms);
        let payload = json!({
            "role": listed.role,
            "scopes": listed.scopes,
            "people": listed.people,
            "expires": listed.expires,
            "rotated_from": listed.rotated_from,
        });
        self.tell(&mut change, &listed.prefix, "key.made", &payload)?;
        Ok((change, MadeKey { key, listed }))
    }

    fn written(&self, (change, made): (Change, MadeKey)) -> Result<MadeKey, Refusal> {
        self.store.commit(change.batch())?;
        Ok(made)
    }

    fn tell(
        &self,
        change: &mut Change,
        prefix: &str,
        kind: &str,
        payload: &Value,
    ) -> Result<(), Refusal> {
        let targets = self.hooks.map(|hooks| hooks.targets(kind)).unwrap_or_default();
        change.event_for(targets, (&Stream::new("key", prefix), None), kind, payload)
    }
}

pub(super) fn list(store: &Shared, now_ms: i64) -> Result<Vec<Listed>, Refusal> {
    Ok(all_keys(store)?.into_iter().map(|row| Listed::of(row, now_ms)).collect())
}

fn found(store: &Shared, prefix: &str) -> Result<ApiKey, Refusal> {
    let unknown = || Refusal::Unknown { kind: "key", key: prefix.to_owned() };
    store.key(prefix)?.ok_or_else(unknown)
}

fn check(
    role: Role,
    scopes: &[Permission],
    expires_ms: Option<i64>,
    now_ms: i64,
) -> Result<(), Refusal> {
    let wish = |zh: String, en: String| Refusal::Wish(Label { zh, en });
    if let Some(beyond) = scopes.iter().find(|scope| !role.permissions().contains(scope)) {
        let (role, beyond) = (role.name(), beyond.name());
        return Err(wish(
            format!("角色 {role} 没有权限 {beyond}：请去掉或换角色"),
            format!("the role {role} does not include {beyond}: leave it out or change the role"),
        ));
    }
    if expires_ms.is_some_and(|end| end <= now_ms) {
        return Err(wish(
            "到期时间须在将来".to_owned(),
            "the key would have expired already: name a time to come".to_owned(),
        ));
    }
    Ok(())
}

/// Goes on with people that can be named, each of them once.
fn check_people(people: &[String]) -> Result<(), Refusal> {
    for (row, person) in people.iter().enumerate() {
        must_be_key(person)?;
        if people[..row].contains(person) {
            return Err(Refusal::Wish(Label::new(
                format!("{person} 写了两次：每人写一次"),
                format!("{person} is named twice: name each of them once"),
            )));
        }
    }
    Ok(())
}

fn is_of_use(row: &ApiKey, now_ms: i64) -> bool {
    [row.revoked_ms, row.expires_ms].into_iter().flatten().all(|end| end > now_ms)
}

/// Whoever holds this key. One written by a newer program, with a role unknown here, opens
/// nothing, and scopes unknown here add nothing.
fn caller(row: &ApiKey, first: &str) -> Result<Caller, Refusal> {
    let role = Role::named(&row.role).ok_or(Refusal::Unidentified(Unidentified::Unknown))?;
    let named = || row.scopes.iter().filter_map(|scope| Permission::named(scope)).collect();
    let scopes = (!row.scopes.is_empty()).then(named);
    Ok(Caller::key((&row.prefix, first), role, scopes, &row.people))
}

/// The first of the keys that took each other's place until this one: a read for each of them.
fn first_of(store: &Shared, row: &ApiKey) -> Result<String, Refusal> {
    let mut first = row.prefix.clone();
    let mut before = row.rotated_from.clone();
    // Nothing of ours goes in a circle; a database may.
    let mut seen = BTreeSet::from([first.clone()]);
    while let Some(prefix) = before.filter(|prefix| seen.insert(prefix.clone())) {
        before = store.key(&prefix)?.and_then(|row| row.rotated_from);
        first = prefix;
    }
    Ok(first)
}

/// A prefix and a key nobody can foresee.
fn fresh() -> Result<(String, String), Failure> {
    let prefix = hexadecimal(&chance::bytes::<PREFIX_BYTES>()?);
    let secret = hexadecimal(&chance::bytes::<SECRET_BYTES>()?);
    let body = format!("{MARK}{prefix}_{secret}");
    let key = format!("{body}{}", check_digits(&body));
    Ok((prefix, key))
}

fn check_digits(body: &str) -> String {
    let mut digits = Hash::of(body.as_bytes()).to_string();
    digits.truncate(CHECK_DIGITS);
    digits
}

/// The prefix of what looks like a key and has the right check digits.
fn prefix_of(presented: &str) -> Result<&str, Unidentified> {
    if presented.is_empty() {
        return Err(Unidentified::Missing);
    }
    let rest = presented.strip_prefix(MARK).ok_or(Unidentified::Malformed)?;
    let (prefix, _) = rest.split_once('_').ok_or(Unidentified::Malformed)?;
    let length = MARK.len() + 2 * PREFIX_BYTES + 1 + 2 * SECRET_BYTES + CHECK_DIGITS;
    let is_whole = presented.is_ascii() && presented.len() == length;
    let (body, digits) = if is_whole {
        presented.split_at(length - CHECK_DIGITS)
    } else {
        return Err(Unidentified::Mistyped);
    };
    if check_digits(body) == digits { Ok(prefix) } else { Err(Unidentified::Mistyped) }
}

#[cfg(test)]
mod tests {
    use super::{Unidentified, fresh, prefix_of};

    #[test]
    fn a_key_tells_its_prefix_and_every_slip_of_the_hand() {
        let (prefix, key) = fresh().unwrap();
        assert_eq!(prefix_of(&key), Ok(prefix.as_str()));
        assert_eq!(key.len(), 3 + 12 + 1 + 64 + 8);
        for at in 3..key.len() {
            let mut other = key.clone().into_bytes();
            other[at] = if other[at] == b'0' { b'1' } else { b'0' };
            assert!(prefix_of(std::str::from_utf8(&other).unwrap()).is_err(), "{at}");
        }
        assert_eq!(prefix_of(&key[..key.len() - 1]), Err(Unidentified::Mistyped));
        assert_eq!(prefix_of("hello"), Err(Unidentified::Malformed));
        assert_eq!(prefix_of(""), Err(Unidentified::Missing));
        assert_eq!(prefix_of("pd_é_"), Err(Unidentified::Mistyped));
    }
}
