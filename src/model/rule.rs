//! The hard rules by name, and the rulings: what each means in the cases the short text leaves
//! open. Solver and verifier are written against this text, each on its own.
//!
//! **Facts.** A step that `progress` calls done or begun is a *fact*: its people and start are as
//! stated, and no rule is broken by facts alone: they cost what they cost. A done step has its
//! stated end; a begun step works its remaining minutes from its *turn* on; a begun wait ends at
//! its stated end, else as if it had been started at its start (never before `as_of`). Nobody
//! works two begun steps at once: the turn of one is `as_of`, or the latest end of the begun steps
//! before it that share a person with it, in order of start, then of the scenario. A ticket with a
//! fact is *begun*.
//!
//! **Bands.** A person's bands are those for `present` steps or, when the step is `remote`, the
//! remote ones. A minute belongs to the first band that covers it: regular, overtime, on-call. Its
//! *working date* is the date on which the band's window opens, so a night that began yesterday
//! counts as yesterday.
//!
//! * **H1** The lead and every other seat: skill at the level or above; the certificate's last day
//!   is not before the local date of any worked minute.
//! * **H2** Nobody the ticket or its client excludes; an `urgent_only` person only on urgent
//!   tickets; a person fills one seat of a step at most; a trainee never fills the first seat, and
//!   another only when one of his mentors fills a seat of the same step; a seat with role
//!   `trainee` is filled by a trainee.
//! * **H3** Every minute of `[start, end)` that is regular for all people of the step (and, with
//!   the bureau rule *wholly*, open at the bureau) is worked; besides, chosen *extra* minutes are,
//!   each of them in a band other than regular for every one of the people (and open at the
//!   bureau); no other minute is. The worked minutes count [`super::work::Step::minutes`] of the
//!   lead at the level he holds. `start` and `end − 1` are worked. Of a begun step all this holds
//!   from its turn on with its remaining minutes, and only `end − 1` must be worked. Where a plan
//!   gives no pieces: every regular minute, the first and last minute, then the extra minutes that
//!   are cheapest over all people, then earliest. Where it gives no end: the earliest end using
//!   regular minutes only. Of a step that starts in an extra minute, or that would so end too late
//!   for what the plan begins after it (of its people, its things, its followers) or for its latest
//!   end: the earliest end using every regular and every extra minute, if that is in time.
//! * **H4** Spans `[start, end)` of one person do not overlap, those of begun steps included.
//! * **H5** `start(b) ≥ lag(end(a))`, or `lag(start(a))` for start-to-start, waits alike. A lag of
//!   n working days from t: t itself for n = 0, else the opening of the calendar on the n-th open
//!   date after the local date of t. A wait ends at `lag(start)` exactly.
//! * **H6** `start ≥ release`, and `≥ as_of`.
//! * **H7** Begins: `start` is an open minute of the bureau; of a wait so whichever the rule. The
//!   quota counts the steps, facts included, that start on one local date.
//! * **H8** `start` lies in one of the windows, `end ≤ latest_end`; of facts neither is asked.
//! * **H9** All steps of a served ticket are in the plan, none of an unserved one; every end lies
//!   within the horizon unless the ticket is begun; a begun ticket is served. The tickets of a
//!   batch that are not begun are served all or none.
//! * **H10** A ticket that is not begun and comes after an unserved ticket is unserved. Every step
//!   of it starts at or after the finish of the other.
//! * **H11** `differs_from`: no person in both; `same_as`: the same lead. Waits are left out.
//! * **H12** Pinned people fill their seats, pinned starts hold, order pins hold (same lead, end
//!   of the first ≤ start of the second) where the tickets are served. A step with seats of the
//!   previous plan that starts there before `as_of` + freeze and is no fact keeps people and
//!   start, unless the plan lists it as released; a ticket with a frozen step kept is served.
//! * **H13** Facts stand in the plan as stated.
//! * **H14** Let d be the local date of the start of a step with a site S, by a person with a
//!   base. If no earlier step of his ends on d (its last minute), then start ≥ his first regular
//!   minute of d (by presence) + travel(base, S), where that travel is not 0 and d has such a
//!   minute. Else start ≥ the end of his step before + travel(L, S), with L the site of his latest
//!   step that ends on d and has a site, or his base. Where there is no way from L to S the step is
//!   impossible. Steps of people without base know no travel. Begun steps have travelled.
//! * **H15** Per person and band, worked minutes plus `used` stay within the caps per working
//!   date, ISO week and month of the working date. Between one worked minute and the next of the
//!   same person with another working date lie at least `rest_minutes`.
//! * **H16** Spans of steps that hold the same thing do not overlap.
//!
//! **Money.** A ticket's finish is the latest end of its steps and waits. `weighted` = each
//! curve's amount × λ of its kind / 1000, rounded up per curve. Unserved: the stated parts, or each
//! curve at one day after the horizon and each churn curve in full. Overtime: per step, person and
//! band, ceil(minutes × price per hour / 60), from `as_of` on. Change: per step with seats of the
//! previous plan that is no fact and still exists: `person_fen` when its ticket is unserved or its
//! people differ seat by seat, else `start_fen` when its start moves by more than the tolerance.
//! Imbalance: per person ceil(price × (100 × worked − fair % × regular) / 6000) if positive, with
//! worked = regular minutes worked from `as_of` on in any seat, and regular = his regular minutes
//! (by presence) from `as_of` to the horizon. Preference, for steps with seats that are not done:
//! `off_owner_fen` when the client's owner is not the lead though he may lead it by H2 and by
//! skill and level; `off_team_fen` when the owner's team is known and not the lead's;
//! `client_trip_fen` per distinct (client, site, local date of start) of steps with `client_trip`
//! (per ticket where there is no client).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A hard rule; the module's text says what it means.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Rule {
    /// Skill.
    H1,
    /// Eligibility.
    H2,
    /// Working time.
    H3,
    /// One at a time.
    H4,
    /// Order within the ticket.
    H5,
    /// Release.
    H6,
    /// Bureau.
    H7,
    /// Windows.
    H8,
    /// Whole.
    H9,
    /// Ticket after ticket.
    H10,
    /// Who with whom.
    H11,
    /// Pins and freeze.
    H12,
    /// Under way.
    H13,
    /// Travel.
    H14,
    /// Limits.
    H15,
    /// Shared things.
    H16,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 16] = [
        Rule::H1,
        Rule::H2,
        Rule::H3,
        Rule::H4,
        Rule::H5,
        Rule::H6,
        Rule::H7,
        Rule::H8,
        Rule::H9,
        Rule::H10,
        Rule::H11,
        Rule::H12,
        Rule::H13,
        Rule::H14,
        Rule::H15,
        Rule::H16,
    ];

    /// Its code, such as `H3`.
    #[must_use]
    pub fn code(self) -> &'static str {
        const CODES: [&str; 16] = [
            "H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H9", "H10", "H11", "H12", "H13",
            "H14", "H15", "H16",
        ];
        CODES[self as usize]
    }

    /// Its name in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Rule::H1 => ("技能", "skill"),
            Rule::H2 => ("资格", "eligibility"),
            Rule::H3 => ("工作时间", "working time"),
            Rule::H4 => ("一人一事", "one at a time"),
            Rule::H5 => ("先后次序", "order"),
            Rule::H6 => ("可开始时间", "release"),
            Rule::H7 => ("办事机构", "bureau"),
            Rule::H8 => ("时间窗口", "windows"),
            Rule::H9 => ("整单完成", "whole"),
            Rule::H10 => ("工单先后", "ticket after ticket"),
            Rule::H11 => ("人员搭配", "who with whom"),
            Rule::H12 => ("锁定与冻结", "pins and freeze"),
            Rule::H13 => ("进行中", "under way"),
            Rule::H14 => ("路途", "travel"),
            Rule::H15 => ("加班与休息上限", "limits and rest"),
            Rule::H16 => ("共用物", "shared things"),
        }
    }
}
