//! The section itself: its rows, as they are written in a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agreement::{Contract, Tier};
use super::catalogue;
use super::figures::{Benchmark, Compression, Learning};
use super::recurring::{Digest, Obligation, Partner};
use super::words::{Cause, Degree, Fact, Loss, Node, Post, Runs, Source, Wait};
use crate::calendar::{Date, Label};
use crate::model::ticket::Curve;
use crate::time::Money;

/// The desk's rules (工单规则). What is not stated and has a value in the firm's catalogue has
/// that value; what the catalogue leaves blank must be configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    /// The calendar the office works by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working: Option<String>,
    /// Clocks warn after so many thousandths of their time, unless they say otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub warns_permille: Option<u16>,
    /// Who is told when a clock runs out, unless it says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalates_to: Option<Post>,
    /// The kinds of clocks (R247).
    #[serde(default = "catalogue::timers")]
    pub timers: Vec<Timer>,
    /// What is due every day (R047, R048, R068).
    #[serde(default = "catalogue::daily")]
    pub daily: Vec<Daily>,
    /// The three levels of response (R125–R128).
    #[serde(default = "catalogue::levels")]
    pub levels: Vec<Level>,
    /// Classes of urgency and what lateness costs in them (R002).
    #[serde(default)]
    pub classes: Vec<Class>,
    /// From what was found out to a class: the first row that fits (R002).
    #[serde(default)]
    pub matrix: Vec<Cell>,
    /// Tiers of clients (R113).
    #[serde(default = "catalogue::tiers")]
    pub tiers: Vec<Tier>,
    /// What was agreed with single clients (R108, R109).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<Contract>,
    /// Words no agreement may contain (R115).
    #[serde(default = "catalogue::vague")]
    pub vague: Vec<String>,
    /// Who approves what: the first row that fits (R052).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// Who holds which post that decides or speaks for the firm (R172–R176): a role of the program
    /// gives none of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<Holder>,
    /// Material per service (R027).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Checklist>,
    /// What is looked at before a result goes out, per service (R082).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Checklist>,
    /// The files a result consists of, per service: each is on record before it goes out (R085).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Checklist>,
    /// How results are delivered, in this order (R087).
    #[serde(default = "catalogue::delivery")]
    pub delivery: Vec<Item>,
    /// What a driver begins with (R183).
    #[serde(default = "catalogue::kick_off")]
    pub kick_off: Vec<Item>,
    /// Steps of normal templates that urgent ones drop only for a replacement (R055).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<Control>,
    /// Regulations whose version the reviewer checks against (R049).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regulations: Vec<Regulation>,
    /// Least amounts of fields, by date (R061).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub floors: Vec<Floor>,
    /// Most messages a client gets on a day beside the daily report (R073).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_per_day: Option<u32>,
    /// When a client who has not signed is reminded, and by whom (R086).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminders: Option<Vec<Reminder>>,
    /// Years the file of an urgent service is kept (R077).
    #[serde(default = "catalogue::kept_years")]
    #[schemars(range(min = 1, max = 100))]
    pub kept_years: u16,
    /// What changes in an emergency (R135).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surge: Option<Surge>,
    /// What rules say of material before anybody looks at it (R058).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prechecks: Vec<PreCheck>,
    /// How much of the industry's time urgent services take (R096).
    #[serde(default = "catalogue::compression")]
    pub compression: Compression,
    /// How long services take others (R096).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub industry: Vec<Benchmark>,
    /// Services owed to clients again and again (R111, R112).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obligations: Vec<Obligation>,
    /// When learned step minutes count (R062); not stated: they are shown and never used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning: Option<Learning>,
    /// When the table of progress goes to a superior (R180).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The data of a client are gone through again after so many days (R241).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub client_days: Option<u32>,
    /// How long partners take (R031, R178).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<Partner>,
    /// What of the work done is billed when a ticket is called off, in thousandths; not stated:
    /// all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1000))]
    pub called_off_permille: Option<u16>,
    /// After what the desk plans anew by itself; not stated: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replan: Option<Replan>,
    /// What a client who pays late weighs, in thousandths of his value (R193); not stated: no
    /// less than others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1000))]
    pub late_payer_permille: Option<u16>,
}

/// When the desk plans anew by itself: from the plan in force, with its freeze and at the price of
/// change (R250).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replan {
    /// After these.
    pub after: Vec<Fact>,
    /// Rounds of search.
    #[serde(default = "twenty")]
    #[schemars(range(min = 0, max = 1_000))]
    pub rounds: u32,
    /// Whether the new plan is published; else it is a draft for a dispatcher.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_published: bool,
}

fn twenty() -> u32 {
    20
}

/// A length of time, or a date that is set elsewhere: exactly one of the four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Minutes of the clock's calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub minutes: Option<u32>,
    /// Until the calendar closes on the so many-th open date after the start's; 0: on the start's
    /// own, or, when it has closed by then, on the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000))]
    pub days: Option<u32>,
    /// By the date of the written notice that the assessment names, such as an authority's: a
    /// date of a written notice, of the law or of a contract, which nothing holds (R249). Without a notice there is no such clock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub notice: bool,
    /// By the date promised to the client, and as much later as he was late with what he had to
    /// bring (R131): nothing else holds it. Without a promise there is no such clock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub promise: bool,
}

/// A kind of clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    pub label: Label,
    /// The kinds of events that start it.
    pub starts: Vec<String>,
    /// The kinds of events that stop it; one that starts it too starts it anew. Where being
    /// assessed stops it, a call does only if the client confirmed why it is urgent and to what
    /// degree (R125).
    pub stops: Vec<String>,
    /// How long it may take; with `runs: tier` it may be left to the tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
    /// When it runs.
    pub runs: Runs,
    /// What holds it: its row of the pause matrix (R248).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_by: Vec<Wait>,
    /// It warns after so many thousandths of its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub warns_permille: Option<u16>,
    /// Who is told when it runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalates_to: Option<Post>,
}

/// What is due every working day for tickets under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Daily {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    pub label: Label,
    /// Who does it.
    pub post: Post,
    /// The kind of event by which it is done.
    pub done_by: String,
    /// The kind of message that does it, where it is a word to the client (R048, R073); any,
    /// without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<Node>,
    /// Only for tickets on the urgent track (R068).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// Only for tickets with several authorities (R046).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several_agencies: bool,
    /// When, version by version; the last that has begun counts (R069).
    pub times: Vec<DailyTime>,
}

/// One version of a time of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DailyTime {
    /// From this date on; the first version may have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The hour.
    #[schemars(range(min = 0, max = 23))]
    pub hour: u8,
    /// The minute.
    #[serde(default)]
    #[schemars(range(min = 0, max = 59))]
    pub minute: u8,
    /// What changed it, such as a client's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Label>,
}

/// A level of response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// 1, 2 or 3.
    #[schemars(range(min = 1, max = 3))]
    pub level: u8,
    /// Who responds.
    pub post: Post,
    /// The clock of this level.
    pub timer: String,
    /// From so many fields of special knowledge on (R128).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub from_skills: Option<u32>,
    /// From so many departments on (R128).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub from_departments: Option<u32>,
    /// Whether the desk passes on by itself what calls for this level; else whoever has it is
    /// told that he must.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_itself: bool,
}

/// A class of urgency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    pub label: Label,
    /// What being later than needed costs; counted from the day it is needed.
    pub curves: Vec<Curve>,
}

/// A row of the urgency matrix; what it does not state, it does not ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Why it is urgent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<Loss>,
    /// How much that weighs at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degree: Option<Degree>,
    /// The class.
    pub class: String,
}

/// Who approves: a row of the matrix of approvals (R052).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The service.
    pub service: String,
    /// Only urgent ones, or only others; not stated: both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<bool>,
    /// Up to this amount; not stated: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_fen: Option<Money>,
    /// Whether the very amount belongs to it: 以下 is read both ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_limit_included: Option<bool>,
    /// The attribute of the ticket that states the amount, in yuan: who asks writes no other. Not
    /// stated: who asks writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub amount: Option<String>,
    /// Who approves.
    pub post: Post,
}

/// Who holds a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The post.
    pub post: Post,
    /// The keys of its people; they need not be planned with.
    #[schemars(length(min = 1))]
    pub people: Vec<String>,
}

/// Something to tick off or to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    pub label: Label,
    /// The authority may begin without it (容缺, R091).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tolerable: bool,
    /// It goes by courier: the number of the parcel is said with it (R087).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tracked: bool,
}

/// The list of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// The service.
    pub service: String,
    /// Its items.
    pub items: Vec<Item>,
}

/// A step that guards against errors (R055).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// The service.
    pub service: String,
    /// The step of its normal template.
    pub step: String,
    /// The steps of its urgent template that take its place together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced_by: Vec<String>,
    /// So many people see it then: those of the steps in its place and those of the steps they
    /// differ from (R051).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10))]
    pub people: Option<u8>,
    /// The trace that takes its place on file (R054), such as an electronic receipt for a register
    /// on paper: without it no urgent result passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Source>,
}

/// What rules say of an item of material before anybody looks at it (R058).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreCheck {
    /// The service.
    pub service: String,
    /// The item.
    pub item: String,
    /// It has so many pages at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub pages: Option<u32>,
    /// It is signed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_signed: bool,
    /// It is still in force so many days after it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10_000))]
    pub valid_days: Option<u32>,
}

/// A version of a regulation (R049).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Regulation {
    /// What it is called, its version with it.
    #[schemars(length(min = 1, max = 200))]
    pub version: String,
    /// The services it is about.
    pub services: Vec<String>,
    /// When it comes into force.
    pub from: Date,
}

/// The least amount of a field from a date on (R061).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// The field.
    #[schemars(length(min = 1, max = 100))]
    pub field: String,
    /// From this date on.
    pub from: Date,
    /// The least amount.
    pub least_fen: Money,
    /// What says so.
    pub reason: Label,
}

/// A step of the ladder of reminders (R086).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    /// So many days after delivery.
    #[schemars(range(min = 1, max = 1_000))]
    pub after_days: u32,
    /// Who reminds the client.
    pub post: Post,
}

/// What changes in an emergency: a system down, a sudden change of policy (R135).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Surge {
    /// The weights planned with.
    pub weights: crate::model::cost::Weights,
    /// The classes that wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frozen_classes: Vec<String>,
    /// Who is called in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called_in: Vec<String>,
    /// Who is told first, then next.
    pub ladder: Vec<Post>,
}
