//! Clients: what everybody who serves them may know, what is known of their finances apart from
//! it (R240), and to whom they allow it to be told (R242).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::change::Change;
use super::kept::{Kept, Page, key_or_fresh, must_be_key};
use super::marks::TO_WIND;
use super::once::{Made, Making, Once};
use super::refusal::Refusal;
use super::role::Permission;
use super::{Caller, Service};
use crate::calendar::Label;
use crate::desk::event::Stream;
use crate::time::Money;

/// The kind of their documents and streams.
pub(super) const CLIENT: &str = "client";
/// The kind of the documents about their finances.
pub(super) const FINANCE: &str = "client.finance";

/// A client (客户) as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientFile {
    /// Its key; a new client without one is given one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub id: Option<String>,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Service tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The dedicated person (R130).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// People this client must not be given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// Services already completed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completed: Vec<String>,
    /// Where the client is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Whom to talk to there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// To whom the client allows what about it to be told (R242).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<Consent>,
    /// What is known of its finances: only for who may see it, and left as it is when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finance: Option<Finance>,
}

/// Somebody to talk to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// What he is called.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
    /// His number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// His address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// That a third party may be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Who may be told; hooks of third parties bear the same name.
    #[schemars(length(min = 1, max = 100))]
    pub party: String,
    /// Where the client said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_withdrawn: bool,
}

/// What is known of a client's finances (R240).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finance {
    /// What it pays in a year, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annual_value_fen: Option<Money>,
    /// What it turns over in a year, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnover_fen: Option<Money>,
    /// What it owes, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrears_fen: Option<Money>,
    /// Its taxpayer number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxpayer: Option<String>,
    /// How its taxes stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_situation: Option<String>,
}

impl Service {
    /// A new client.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Faulty`] for what does not fit the base,
    /// [`Refusal::Taken`], [`Refusal::OtherBody`], what fails outside.
    pub fn create_client(
        &self,
        caller: &Caller,
        mut file: ClientFile,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        caller.must(Permission::ClientChange)?;
        let key = key_or_fresh(file.id.take(), "C")?;
        let again = |key: &str| self.shown_client(caller, self.find(CLIENT, key)?);
        self.once(once, now_ms, again, || {
            let version = self.version_of(CLIENT, &key)?;
            if self.find_if_any::<ClientFile>(CLIENT, &key)?.is_some() {
                return Err(Refusal::Taken { kind: CLIENT, key: key.clone() });
            }
            let change = self.client_change(caller, &key, version, &file, now_ms)?;
            let shown = ClientFile { id: Some(key.clone()), ..file };
            Ok(Making::new(&key, version + 1, &shown, change))
        })
    }

    /// Changes a client that has the version `expected`, or any when none is named; 0 makes it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Faulty`], [`Refusal::Stale`], [`Refusal::Unknown`], what
    /// fails outside.
    pub fn put_client(
        &self,
        caller: &Caller,
        key: &str,
        expected: Option<u64>,
        file: ClientFile,
        now_ms: i64,
    ) -> Result<Kept<ClientFile>, Refusal> {
        caller.must(Permission::ClientChange)?;
        must_be_key(key)?;
        let version = self.expected_version::<ClientFile>(CLIENT, key, expected)?;
        let file = ClientFile { id: None, ..file };
        let mut change = self.client_change(caller, key, version, &file, now_ms)?;
        // The clocks of all its tickets are for the caretaker to read anew.
        change.mark(TO_WIND, format!("{key}/{version}"), String::new());
        // Noted before the change: it is answered with all that the caller may know.
        let detail = if caller.may(Permission::ClientFinance) { "finance" } else { "" };
        self.note(caller, (CLIENT, key, detail), now_ms)?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        self.shown_client(
            caller,
            Kept { key: key.to_owned(), version: version + 1, document: file },
        )
    }

    /// The version a change relies on, when what it changes is as expected.
    pub(super) fn expected_version<T: serde::de::DeserializeOwned>(
        &self,
        kind: &'static str,
        key: &str,
        expected: Option<u64>,
    ) -> Result<u64, Refusal> {
        let there = self.find_if_any::<T>(kind, key)?;
        let actual = there.as_ref().map_or(0, |kept| kept.version);
        match expected {
            None if there.is_none() => Err(Refusal::Unknown { kind, key: key.to_owned() }),
            Some(expected) if expected != actual => {
                Err(Refusal::Stale { kind, key: key.to_owned(), actual })
            }
            // What was taken away goes on with its numbers.
            _ if there.is_none() => self.version_of(kind, key),
            _ => Ok(actual),
        }
    }

    fn client_change(
        &self,
        caller: &Caller,
        key: &str,
        version: u64,
        file: &ClientFile,
        now_ms: i64,
    ) -> Result<Change, Refusal> {
        if file.finance.is_some() {
            caller.must(Permission::ClientFinance)?;
        }
        self.must_suit(key, file, now_ms)?;
        let mut change = Change::by(caller, now_ms);
        change.put(CLIENT, key, Some(version), &ClientFile { finance: None, ..file.clone() });
        if let Some(finance) = &file.finance {
            change.put(FINANCE, key, None, finance);
        }
        let stream = Stream::new(CLIENT, key);
        // By the tier clocks run, from now on.
        let payload = json!({"version": version + 1, "tier": file.tier});
        change.event(self, (&stream, None), "client.changed", &payload)?;
        Ok(change)
    }

    /// A client, as much of it as the caller may know.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn client(
        &self,
        caller: &Caller,
        key: &str,
        now_ms: i64,
    ) -> Result<Kept<ClientFile>, Refusal> {
        caller.must(Permission::ClientRead)?;
        let kept = self.shown_client(caller, self.find(CLIENT, key)?)?;
        let detail = if kept.document.finance.is_some() { "finance" } else { "" };
        self.note(caller, (CLIENT, key, detail), now_ms)?;
        Ok(kept)
    }

    fn shown_client(
        &self,
        caller: &Caller,
        mut kept: Kept<ClientFile>,
    ) -> Result<Kept<ClientFile>, Refusal> {
        kept.document.id = Some(kept.key.clone());
        kept.document.finance = None;
        if caller.may(Permission::ClientFinance) {
            let finance = self.find_if_any(FINANCE, &kept.key)?;
            kept.document.finance = finance.map(|kept| kept.document);
        }
        Ok(kept)
    }

    /// Clients by key, without their finances, whoever asks.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn clients(
        &self,
        caller: &Caller,
        after: Option<&str>,
        most: usize,
        now_ms: i64,
    ) -> Result<Page<ClientFile>, Refusal> {
        caller.must(Permission::ClientRead)?;
        let page = self.page::<ClientFile>(CLIENT, after, most, |_| true)?;
        let mut items = Vec::with_capacity(page.items.len());
        for kept in page.items {
            self.note(caller, (CLIENT, &kept.key, "list"), now_ms)?;
            items.push(ClientFile { id: Some(kept.key), finance: None, ..kept.document });
        }
        Ok(Page { items, next: page.next, unread: page.unread })
    }

    /// Whether `client` allows `party` to be told about it (R242).
    pub(super) fn consents(&self, client: &str, party: &str) -> Result<bool, Refusal> {
        let file = self.find_if_any::<ClientFile>(CLIENT, client)?;
        Ok(file.is_some_and(|kept| {
            let own = kept.document.consents.iter().rev().find(|consent| consent.party == party);
            own.is_some_and(|consent| !consent.is_withdrawn)
        }))
    }

    /// What `client` pays in a year, for the search; nothing else of its finances goes there.
    pub(super) fn annual_value(&self, client: &str) -> Result<Money, Refusal> {
        let finance = self.find_if_any::<Finance>(FINANCE, client)?;
        Ok(finance.and_then(|kept| kept.document.annual_value_fen).unwrap_or(Money::ZERO))
    }
}
