//! People and their absences.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::change::Change;
use super::kept::{Kept, Page, fresh_key, must_be_key};
use super::marks::{AWAY, List, away};
use super::once::{Made, Making, Once};
use super::refusal::Refusal;
use super::role::Permission;
use super::{Caller, Service};
use crate::desk::event::Stream;
use crate::model::people::{Absence, Person};

/// The kind of their documents and streams.
pub(super) const PERSON: &str = "person";
/// The kind of the documents of absences.
pub(super) const ABSENCE: &str = "absence";

/// An absence as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceFile {
    /// What it is called; made up for a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The person's key.
    pub person: String,
    /// When.
    pub absence: Absence,
}

impl Service {
    /// A new person.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Faulty`] for what does not fit the base,
    /// [`Refusal::Taken`], [`Refusal::OtherBody`], what fails outside.
    pub fn create_person(
        &self,
        caller: &Caller,
        person: &Person,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        caller.must(Permission::PersonChange)?;
        let key = person.id.as_str();
        must_be_key(key)?;
        let again = |key: &str| self.find::<Person>(PERSON, key);
        let made = self.once(once, now_ms, again, || {
            if self.find_if_any::<Person>(PERSON, key)?.is_some() {
                return Err(Refusal::Taken { kind: PERSON, key: key.to_owned() });
            }
            let version = self.version_of(PERSON, key)?;
            let change = self.person_change(caller, version, person, now_ms)?;
            Ok(Making::new(key, version + 1, person, change))
        })?;
        self.people_changed();
        Ok(made)
    }

    /// Changes a person who has the version `expected`, or any when none is named; 0 makes him.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Faulty`], [`Refusal::Stale`], [`Refusal::Unknown`], what
    /// fails outside.
    pub fn put_person(
        &self,
        caller: &Caller,
        key: &str,
        expected: Option<u64>,
        person: Person,
        now_ms: i64,
    ) -> Result<Kept<Person>, Refusal> {
        caller.must(Permission::PersonChange)?;
        must_be_key(key)?;
        let person = Person { id: key.to_owned(), ..person };
        let version = self.expected_version::<Person>(PERSON, key, expected)?;
        let change = self.person_change(caller, version, &person, now_ms)?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        self.people_changed();
        Ok(Kept { key: key.to_owned(), version: version + 1, document: person })
    }

    /// Takes a person away, with everything that was known of him; in plans and events his key
    /// stays (R243).
    ///
    /// # Errors
    /// As [`Service::put_person`]; [`Refusal::Impossible`] for who has worked on open tickets.
    pub fn remove_person(
        &self,
        caller: &Caller,
        key: &str,
        expected: Option<u64>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        caller.must(Permission::PersonChange)?;
        let kept: Kept<Person> = self.find(PERSON, key)?;
        if expected.is_some_and(|expected| expected != kept.version) {
            let actual = kept.version;
            return Err(Refusal::Stale { kind: PERSON, key: key.to_owned(), actual });
        }
        self.must_be_free(key)?;
        let mut change = Change::by(caller, now_ms);
        self.forget_person(&mut change, &kept)?;
        let stream = Stream::new(PERSON, key);
        change.event(self, (&stream, None), "person.removed", &json!({}))?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        self.people_changed();
        Ok(())
    }

    fn person_change(
        &self,
        caller: &Caller,
        version: u64,
        person: &Person,
        now_ms: i64,
    ) -> Result<Change, Refusal> {
        self.must_fit(person, now_ms)?;
        let mut change = Change::by(caller, now_ms);
        change.put(PERSON, &person.id, Some(version), person);
        let stream = Stream::new(PERSON, &person.id);
        let payload = json!({"version": version + 1});
        change.event(self, (&stream, None), "person.changed", &payload)?;
        Ok(change)
    }

    /// A person.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn person(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<Kept<Person>, Refusal> {
        caller.must(Permission::PersonRead)?;
        let kept = self.find(PERSON, key)?;
        self.note(caller, (PERSON, key, ""), now_ms)?;
        Ok(kept)
    }

    /// People by key.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn people(
        &self,
        caller: &Caller,
        after: Option<&str>,
        most: usize,
        now_ms: i64,
    ) -> Result<Page<Person>, Refusal> {
        caller.must(Permission::PersonRead)?;
        let page = self.page::<Person>(PERSON, after, most, |_| true)?;
        for kept in &page.items {
            self.note(caller, (PERSON, &kept.key, "list"), now_ms)?;
        }
        let items = page.items.into_iter().map(|kept| kept.document).collect();
        Ok(Page { items, next: page.next, unread: page.unread })
    }

    /// A new absence of a person.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], [`Refusal::Faulty`], [`Refusal::OtherBody`],
    /// what fails outside.
    pub fn create_absence(
        &self,
        caller: &Caller,
        person: &str,
        absence: Absence,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        caller.must(Permission::PersonChange)?;
        let again = |key: &str| {
            let mut kept: Kept<AbsenceFile> = self.find(ABSENCE, key)?;
            kept.document.id = Some(kept.key.clone());
            Ok(kept)
        };
        let made = self.once(once, now_ms, again, || {
            let kept = self.find::<Person>(PERSON, person)?;
            self.must_be_away(&kept.document, &absence, now_ms)?;
            let key = fresh_key("A")?;
            let mut file = AbsenceFile { id: None, person: person.to_owned(), absence };
            let mut change = Change::by(caller, now_ms);
            change.put(ABSENCE, &key, Some(0), &file);
            change.mark(AWAY, away(person, &key), String::new());
            let stream = Stream::new(PERSON, person);
            let Absence { from, to, .. } = file.absence;
            let payload = json!({"absence": key, "from": from, "to": to});
            change.event(self, (&stream, None), "person.absent", &payload)?;
            self.tell_of_absence(&mut change, person, (from, to))?;
            file.id = Some(key.clone());
            Ok(Making::new(&key, 1, &file, change))
        })?;
        self.people_changed();
        Ok(made)
    }

    /// Takes an absence away.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn remove_absence(
        &self,
        caller: &Caller,
        person: &str,
        key: &str,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        caller.must(Permission::PersonChange)?;
        let kept: Kept<AbsenceFile> = self.find(ABSENCE, key)?;
        if kept.document.person != person {
            return Err(Refusal::Unknown { kind: ABSENCE, key: key.to_owned() });
        }
        let mut change = Change::by(caller, now_ms);
        change.erase(ABSENCE, key, kept.version);
        change.unmark(AWAY, away(person, key));
        let stream = Stream::new(PERSON, person);
        change.event(self, (&stream, None), "person.back", &json!({"absence": key}))?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        self.people_changed();
        Ok(())
    }

    /// The absences of a person, by key.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn absences(
        &self,
        caller: &Caller,
        person: &str,
        (after, most): (Option<&str>, usize),
        now_ms: i64,
    ) -> Result<Page<AbsenceFile>, Refusal> {
        caller.must(Permission::PersonRead)?;
        self.note(caller, (PERSON, person, "absences"), now_ms)?;
        let list = List { marks: AWAY, within: Some(person) };
        let page = self.page_of::<AbsenceFile>(list, ABSENCE, (after, most), |_| true)?;
        let named = |kept: Kept<AbsenceFile>| AbsenceFile { id: Some(kept.key), ..kept.document };
        Ok(Page {
            items: page.items.into_iter().map(named).collect(),
            next: page.next,
            unread: page.unread,
        })
    }
}
