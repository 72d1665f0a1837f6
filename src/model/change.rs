//! Changes v1: what would be different, as it is written in a file. A closed list; each change is
//! applied after those before it, so a person added first can be trained next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::people::{BandKind, Person, is_false};
use super::simulation::Stream;
use super::ticket::{Service, Track};
use crate::calendar::{Date, Hours, Label, Moment, Weekday};
use crate::time::Money;

/// The `format` of a list of changes.
pub const CHANGES_FORMAT: &str = "paidan-changes/1";

/// What would be different (假设): "one more tax person", "two people ill on the 15th".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// `paidan-changes/1`.
    pub format: String,
    /// What people read of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Label>,
    /// The changes, in the order in which they are made.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Somebody new.
    AddPerson {
        /// The person.
        person: Box<Person>,
    },
    /// Somebody leaves; what names him (owners, mentors, exclusions) is left without him. Who is
    /// pinned, stated or at work on something cannot leave.
    RemovePerson {
        /// The person.
        person: String,
    },
    /// Somebody new who is like somebody there: skills, bands, base; absences are not copied.
    ClonePerson {
        /// Whom he is like.
        person: String,
        /// His key.
        id: String,
    },
    /// A skill learnt, at another level, or lost.
    Skill {
        /// The person.
        person: String,
        /// The skill.
        skill: String,
        /// 1 to 5; 0: no longer held.
        #[schemars(range(min = 0, max = 5))]
        level: u8,
    },
    /// A time away (R065).
    Absence {
        /// The person.
        person: String,
        /// First minute away.
        from: Moment,
        /// First minute back.
        to: Moment,
        /// Able to work on steps marked `remote`.
        #[serde(default, skip_serializing_if = "is_false")]
        remote: bool,
    },
    /// Other working hours: the calendar of one band, which is added where there is none.
    Hours {
        /// The person.
        person: String,
        /// The band.
        band: BandKind,
        /// The calendar.
        calendar: String,
    },
    /// Other prices and caps of a band: of one person, or of everybody who has it.
    Band {
        /// The person; not stated: everybody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<String>,
        /// The band.
        band: BandKind,
        /// What a worked hour costs on top, in fen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        price_per_hour_fen: Option<Money>,
        /// Most minutes per working date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 0, max = 1_440))]
        cap_day_minutes: Option<u32>,
        /// Most minutes per ISO week.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 0, max = 10_080))]
        cap_week_minutes: Option<u32>,
        /// Most minutes per calendar month.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 0, max = 44_640))]
        cap_month_minutes: Option<u32>,
    },
    /// Joins the urgent team, or leaves it (R022).
    UrgentOnly {
        /// The person.
        person: String,
        /// Whether he takes urgent tickets only.
        urgent_only: bool,
    },
    /// More or less of the queue: of every hundred tickets so many, evenly spread; copies get the
    /// key of theirs with `+2`, `+3`… Tickets under way stay. A simulation has its arrivals
    /// scaled instead.
    Demand {
        /// How many of a hundred.
        #[schemars(range(min = 0, max = 1_000))]
        percent: u32,
        /// Of this service only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<String>,
        /// On this track only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        track: Option<Track>,
        /// Of clients of this tier only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<String>,
    },
    /// A service the firm begins to sell.
    AddService {
        /// The service.
        service: Box<Service>,
        /// What arrives of it in a simulation.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        streams: Vec<Stream>,
    },
    /// An authority that is slower or quicker: every wait counted in its hours, or every wait.
    Agency {
        /// The bureau or calendar; not stated: all of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        calendar: Option<String>,
        /// The new length in percent of the old one, rounded up.
        #[schemars(range(min = 0, max = 1_000))]
        percent: u32,
    },
    /// A tool that is there, or is not (R024).
    Tool {
        /// The tool.
        tool: String,
        /// Whether it can be used.
        available: bool,
    },
    /// Other weights of the two kinds of loss (R034).
    Weights {
        /// λ_u in thousandths.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 0, max = 100_000))]
        lambda_urgency: Option<u32>,
        /// λ_v in thousandths.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 0, max = 100_000))]
        lambda_client_value: Option<u32>,
    },
    /// Other prices of the policy; what is not stated stays.
    Prices {
        /// The prices.
        prices: Prices,
    },
    /// Hours of learning every week (R158, R159): away from the queue.
    Training {
        /// The person.
        person: String,
        /// The first date.
        first: Date,
        /// The last date.
        last: Date,
        /// On which day of the week.
        weekday: Weekday,
        /// When.
        hours: Hours,
    },
    /// Slower for a while, as after new training (R162): of the regular hours of each date only
    /// the first so many percent are left.
    Dip {
        /// The person.
        person: String,
        /// The first date.
        first: Date,
        /// The last date.
        last: Date,
        /// What is left.
        #[schemars(range(min = 0, max = 100))]
        percent: u32,
    },
    /// Learns beside mentors and never leads (R158).
    Trainee {
        /// The person.
        person: String,
        /// Whom he may sit beside.
        mentors: Vec<String>,
    },
}

/// Prices of the policy that would be others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Per step whose people change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_person_fen: Option<Money>,
    /// Per step whose start moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_start_fen: Option<Money>,
    /// Steps that start earlier than this after `as_of` stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100_000))]
    pub freeze_minutes: Option<u32>,
    /// Per hour beyond the fair share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imbalance_per_hour_fen: Option<Money>,
    /// The fair share in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub fair_percent: Option<u32>,
    /// Per step not led by the client's owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_owner_fen: Option<Money>,
    /// Per step led from another team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_team_fen: Option<Money>,
    /// Per client trip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_trip_fen: Option<Money>,
}
