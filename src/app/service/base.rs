//! The base: everything a scenario holds that is neither people nor clients nor tickets. One
//! document, replaced whole against its version, checked as part of a scenario.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::change::Change;
use super::clients::{CLIENT, ClientFile};
use super::kept::Kept;
use super::people::PERSON;
use super::refusal::Refusal;
use super::role::Permission;
use super::sound::{alone, bare};
use super::{Caller, Service};
use crate::app::documents::{Text, written};
use crate::calendar::{Book, Calendar, HolidayTable, Label, Moment, Zone, china};
use crate::desk::event::Stream;
use crate::model::check;
use crate::model::issue::Issues;
use crate::model::people::{Bureau, Client, Leg, Person, Site, Skill, Team, Thing, Tool};
use crate::model::scenario::{Policy, SCENARIO_FORMAT, Scenario};
use crate::model::ticket::{Service as Sold, Ticket};
use crate::time::{DAY, Tick};

/// The kind and key of its document.
pub(super) const BASE: (&str, &str) = ("base", "base");

/// The base (基础数据).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// The zone of all local times; default Asia/Shanghai.
    #[serde(default)]
    pub zone: Zone,
    /// Days planned ahead; the horizon is the end of the last of them.
    #[schemars(range(min = 1, max = 120))]
    pub horizon_days: u32,
    /// Holiday tables.
    #[serde(default)]
    pub holidays: Vec<HolidayTable>,
    /// Working calendars.
    #[serde(default)]
    pub calendars: Vec<Calendar>,
    /// Skills.
    #[serde(default)]
    pub skills: Vec<Skill>,
    /// Sites.
    #[serde(default)]
    pub sites: Vec<Site>,
    /// Travel between sites.
    #[serde(default)]
    pub travel: Vec<Leg>,
    /// What teams are called.
    #[serde(default)]
    pub teams: Vec<Team>,
    /// Bureaus.
    #[serde(default)]
    pub bureaus: Vec<Bureau>,
    /// Shared things.
    #[serde(default)]
    pub things: Vec<Thing>,
    /// Tools of the firm.
    #[serde(default)]
    pub tools: Vec<Tool>,
    /// The service catalogue.
    #[serde(default)]
    pub services: Vec<Sold>,
    /// Weights and prices.
    #[serde(default)]
    pub policy: Policy,
}

/// The base as it is at hand, with the names tickets may use.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) base: Base,
    pub(super) version: u64,
    /// When it was put.
    pub(super) since_ms: i64,
    /// Its calendars, for the clocks of tickets.
    pub(super) book: Book,
    pub(super) services: BTreeSet<String>,
    pub(super) bureaus: BTreeSet<String>,
}

impl Known {
    pub(super) fn of(base: Base, version: u64, since_ms: i64) -> Known {
        let services = base.services.iter().map(|service| service.id.clone()).collect();
        let bureaus = base.bureaus.iter().map(|bureau| bureau.id.clone()).collect();
        let mut tables = base.holidays.clone();
        let built_in = china();
        if !tables.iter().any(|table| table.id == built_in.id) {
            tables.push(built_in);
        }
        let book = Book::new(base.zone, tables, base.calendars.clone());
        Known { base, version, since_ms, book, services, bureaus }
    }
}

impl Base {
    /// What of `scenario` is neither people nor clients nor tickets, planned so many days ahead.
    #[must_use]
    pub fn of(scenario: Scenario, horizon_days: u32) -> Base {
        let Scenario { zone, holidays, calendars, skills, sites, travel, .. } = scenario;
        let Scenario { teams, bureaus, things, tools, services, policy, .. } = scenario;
        Base {
            zone,
            horizon_days,
            holidays,
            calendars,
            skills,
            sites,
            travel,
            teams,
            bureaus,
            things,
            tools,
            services,
            policy,
        }
    }

    /// The scenario of this base at `now_ms`, without people, clients and tickets.
    pub(super) fn scenario(&self, now_ms: i64) -> Scenario {
        let base = self.clone();
        let zone = base.zone;
        let (as_of, horizon) = self.span(now_ms);
        Scenario {
            format: SCENARIO_FORMAT.to_owned(),
            about: None,
            zone,
            as_of,
            horizon,
            holidays: base.holidays,
            calendars: base.calendars,
            skills: base.skills,
            sites: base.sites,
            travel: base.travel,
            teams: base.teams,
            people: Vec::new(),
            clients: Vec::new(),
            bureaus: base.bureaus,
            things: base.things,
            tools: base.tools,
            services: base.services,
            tickets: Vec::new(),
            pins: Vec::new(),
            progress: Vec::new(),
            policy: base.policy,
        }
    }

    /// The minute planned from, rounded up, and the midnight planned to.
    fn span(&self, now_ms: i64) -> (Moment, Moment) {
        let now = Tick(now_ms.div_euclid(60_000) + i64::from(now_ms.rem_euclid(60_000) > 0));
        let last = now + DAY * i64::from(self.horizon_days);
        let end = self.zone.midnight(self.zone.date(last).plus(1));
        (self.zone.moment(now), self.zone.moment(end))
    }
}

impl Service {
    /// The base in force.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`] before there is one, what fails outside.
    pub fn base(&self, caller: &Caller) -> Result<Kept<Base>, Refusal> {
        caller.must(Permission::BaseRead)?;
        self.find(BASE.0, BASE.1)
    }

    /// Replaces the base that has the version `expected`, or any there is when none is named; 0 makes it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Faulty`], [`Refusal::Stale`], what fails outside.
    pub fn put_base(
        &self,
        caller: &Caller,
        expected: Option<u64>,
        base: Base,
        now_ms: i64,
    ) -> Result<Kept<Base>, Refusal> {
        caller.must(Permission::BaseChange)?;
        check::check(&base.scenario(now_ms)).map_err(|issues| faulty("", &base, issues))?;
        self.must_keep(&base, now_ms)?;
        let version = self.version_of(BASE.0, BASE.1)?;
        if expected.map_or(version == 0, |expected| expected != version) {
            let (kind, key) = (BASE.0, BASE.1.to_owned());
            return Err(Refusal::Stale { kind, key, actual: version });
        }
        self.tell_by_the_old_rules(now_ms);
        let mut change = Change::by(caller, now_ms);
        change.put(BASE.0, BASE.1, Some(version), &base);
        let stream = Stream::new(BASE.0, BASE.1);
        change.event(self, (&stream, None), "base.changed", &json!({"version": version + 1}))?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        self.known.put_newer(Known::of(base.clone(), version + 1, now_ms), |known| known.version);
        Ok(Kept { key: BASE.1.to_owned(), version: version + 1, document: base })
    }

    /// Reads the base at the beginning.
    pub(super) fn load_base(&self) -> Result<(), Refusal> {
        let kept = self.find_if_any::<Base>(BASE.0, BASE.1)?;
        if let Some(Kept { version, document, .. }) = kept {
            let row = self.store.version(BASE.0, BASE.1, version)?;
            let since_ms = row.map_or(0, |row| row.at_ms);
            let known = Known::of(document, version, since_ms);
            self.known.put_newer(known, |known| known.version);
        }
        Ok(())
    }

    /// Makes sure that the client a ticket names is there: it may have been erased.
    pub(super) fn must_name_a_client(&self, ticket: &Ticket) -> Result<(), Refusal> {
        match &ticket.client {
            Some(client) if self.find_if_any::<ClientFile>(CLIENT, client)?.is_none() => {
                Err(stranger("client", "客户", client))
            }
            _ => Ok(()),
        }
    }

    /// Makes sure that a ticket which states steps or curves of its own stands up to the whole base;
    /// without a base there is nothing to hold it against, and intake goes on.
    pub(super) fn must_be_known(&self, ticket: &Ticket) -> Result<(), Refusal> {
        let Some(known) = self.known.now() else { return Ok(()) };
        let is_plain = ticket.steps.is_empty()
            && ticket.adjust.is_empty()
            && ticket.curves.is_empty()
            && ticket.service.is_some();
        if is_plain { Ok(()) } else { self.must_be_sound(&known.base, ticket) }
    }

    /// Holds a ticket alone against the base and the people it names. Where that finds a fault, all
    /// people are there, so that it can be said who was meant; most tickets name nobody, and reading
    /// everybody of a large firm takes longer than all the rest of an intake.
    fn must_be_sound(&self, base: &Base, ticket: &Ticket) -> Result<(), Refusal> {
        // Times of the ticket are its own; only its names and numbers are looked at.
        let mut scenario = base.scenario(0);
        scenario.clients.extend(ticket.client.clone().map(stand_in));
        let (after, excluded) = (Vec::new(), Vec::new());
        scenario.tickets.push(Ticket { after, excluded, batch: None, ..ticket.clone() });
        let named = ticket.steps.iter().flat_map(|step| &step.stated).map(|row| &row.person);
        for key in named.collect::<BTreeSet<_>>() {
            let kept = self.find_if_any::<Person>(PERSON, key)?;
            scenario.people.extend(kept.map(|kept| bare(kept.document)));
        }
        let place = ("$.tickets[0]", "$");
        if alone(&scenario, place, ticket).is_ok() {
            return Ok(());
        }
        let all = self.all::<Person>(PERSON)?;
        scenario.people = all.into_iter().map(|kept| kept.document).collect();
        alone(&scenario, place, ticket)
    }
}

/// A client of this key of whom nothing else is asked.
pub(super) fn stand_in(key: String) -> Client {
    Client {
        id: key,
        name: None,
        tier: None,
        annual_value_fen: crate::time::Money::ZERO,
        owner: None,
        excluded: Vec::new(),
        completed: Vec::new(),
        site: None,
    }
}

pub(super) fn stranger(en: &str, zh: &str, key: &str) -> Refusal {
    Refusal::Wish(Label::new(
        format!("没有编号为“{key}”的{zh}：请先建立，或核对编号"),
        format!("there is no {en} called \"{key}\": put it first, or check what it is called"),
    ))
}

pub(super) fn faulty(name: &str, document: &impl Serialize, issues: Issues) -> Refusal {
    let text = Text { name: name.to_owned(), bytes: written(document).into_bytes() };
    Refusal::Faulty { text, issues }
}
