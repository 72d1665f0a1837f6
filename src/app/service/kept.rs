//! Documents as they are kept: read back, listed in pages, told apart by version.

use serde::de::DeserializeOwned;

use super::Service;
use super::refusal::Refusal;
use crate::app::chance;
use crate::calendar::Label;
use crate::desk::hash::hexadecimal;
use crate::store::row::{ApiKey, Document};
use crate::store::{self, MOST_ROWS};

/// The most pages looked through for one that is asked for with conditions.
pub(super) const MOST_PAGES: usize = 4;
/// Documents looked at together, at least.
pub(super) const LOOKED_AT: usize = 200;
/// The longest key, in characters.
const LONGEST_KEY: usize = 100;

/// A document and its version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept<T> {
    /// What it is called.
    pub key: String,
    /// Its version.
    pub version: u64,
    /// It.
    pub document: T,
}

/// Some of many, in the order of their keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T> {
    /// These.
    pub items: Vec<T>,
    /// The key behind which to go on; none when there are no more.
    pub next: Option<String>,
    /// The keys of those that are there and cannot be read: they keep no others from being listed.
    pub unread: Vec<String>,
}

impl Service {
    /// The document of this kind and key.
    pub(super) fn find<T: DeserializeOwned>(
        &self,
        kind: &'static str,
        key: &str,
    ) -> Result<Kept<T>, Refusal> {
        let unknown = || Refusal::Unknown { kind, key: key.to_owned() };
        self.find_if_any(kind, key)?.ok_or_else(unknown)
    }

    /// The document of this kind and key, if there is one.
    pub(super) fn find_if_any<T: DeserializeOwned>(
        &self,
        kind: &str,
        key: &str,
    ) -> Result<Option<Kept<T>>, Refusal> {
        self.store.document(kind, key)?.map(read).transpose().map(Option::flatten)
    }

    /// The version of a document, 0 for none; one taken away has a version, too.
    pub(super) fn version_of(&self, kind: &str, key: &str) -> Result<u64, Refusal> {
        Ok(self.store.document(kind, key)?.map_or(0, |document| document.version))
    }

    /// Up to `most` documents of a kind behind the key `after` that `fits` says yes to. Few may
    /// come of many looked at: then the page says where to go on.
    pub(super) fn page<T: DeserializeOwned>(
        &self,
        kind: &str,
        after: Option<&str>,
        most: usize,
        fits: impl Fn(&T) -> bool,
    ) -> Result<Page<Kept<T>>, Refusal> {
        let most = most.clamp(1, MOST_ROWS);
        let (mut items, mut unread) = (Vec::new(), Vec::new());
        let mut behind = after.map(str::to_owned);
        for _ in 0..MOST_PAGES {
            let rows = self.store.documents(
                kind,
                behind.as_deref(),
                MOST_ROWS.min(LOOKED_AT.max(most + 1)),
            )?;
            let is_last = rows.is_empty();
            for row in rows {
                if items.len() == most {
                    return Ok(Page { items, next: behind, unread });
                }
                let key = row.key.clone();
                let found = readable(read(row), &key, &mut unread)?.flatten();
                items.extend(found.filter(|kept: &Kept<T>| fits(&kept.document)));
                behind = Some(key);
            }
            if is_last {
                return Ok(Page { items, next: None, unread });
            }
        }
        Ok(Page { items, next: behind, unread })
    }

    /// All documents of a kind.
    pub(super) fn all<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<Kept<T>>, Refusal> {
        let mut all = Vec::new();
        let mut behind: Option<String> = None;
        loop {
            let rows = self.store.documents(kind, behind.as_deref(), MOST_ROWS)?;
            let Some(last) = rows.last() else { return Ok(all) };
            behind = Some(last.key.clone());
            for row in rows {
                all.extend(read(row)?);
            }
        }
    }
}

pub(super) fn read<T: DeserializeOwned>(row: Document) -> Result<Option<Kept<T>>, Refusal> {
    let Some(body) = &row.body else { return Ok(None) };
    let document = serde_json::from_str(body).map_err(|_| damaged(&row.kind, &row.key))?;
    Ok(Some(Kept { key: row.key, version: row.version, document }))
}

/// What was found under `key`; nothing where that cannot be read, and `unread` names it.
pub(super) fn readable<T>(
    found: Result<T, Refusal>,
    key: &str,
    unread: &mut impl Extend<String>,
) -> Result<Option<T>, Refusal> {
    match found {
        Err(damage) if damage.is_damage() => {
            unread.extend([key.to_owned()]);
            Ok(None)
        }
        other => other.map(Some),
    }
}

/// All keys of programs there ever were.
pub(super) fn all_keys(store: &store::Shared) -> Result<Vec<ApiKey>, Refusal> {
    let mut all: Vec<ApiKey> = Vec::new();
    loop {
        let page = store.keys(all.last().map(|row| row.prefix.as_str()), MOST_ROWS)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// That what is kept cannot be read back.
pub(super) fn damaged(kind: &str, key: &str) -> Refusal {
    // What follows from the log is made anew from it.
    let (zh, en) = match kind {
        "ticket" => (
            "：先停止服务并运行 paidan desk rebuild，由记录重建；仍不行时再恢复备份",
            ": stop the server and run `paidan desk rebuild`, which makes it anew from the log, and \
             only if that does not help restore a backup",
        ),
        _ => ("", ""),
    };
    Refusal::Store(store::Failure::Damaged(Label::new(
        format!("{kind} {key} 无法读懂{zh}"),
        format!("{kind} {key} cannot be read{en}"),
    )))
}

/// Whether `key` can be what something is called: it stands in addresses and on screens.
pub(super) fn must_be_key(key: &str) -> Result<(), Refusal> {
    let length = key.chars().count();
    let is_fit = (1..=LONGEST_KEY).contains(&length)
        && !matches!(key, "." | "..")
        && key.trim() == key
        && !key.chars().any(|letter| letter.is_control() || matches!(letter, '/' | '\\'));
    if is_fit {
        return Ok(());
    }
    Err(Refusal::Wish(Label::new(
        format!("编号须为 1 至 {LONGEST_KEY} 个字符，首尾无空白，不含斜杠和控制字符"),
        format!(
            "a key has 1 to {LONGEST_KEY} characters, no blanks at its ends, no strokes and no \
             control characters"
        ),
    )))
}

/// A key nobody has used: `mark` and 48 bits of chance.
pub(super) fn fresh_key(mark: &str) -> Result<String, Refusal> {
    Ok(format!("{mark}-{}", hexadecimal(&chance::bytes::<6>()?)))
}

/// `wished`, or a fresh key where nothing is wished.
pub(super) fn key_or_fresh(wished: Option<String>, mark: &str) -> Result<String, Refusal> {
    match wished {
        Some(key) => must_be_key(&key).map(|()| key),
        None => fresh_key(mark),
    }
}
