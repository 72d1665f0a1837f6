//! The table rule × room: one rule touches many rooms, and this fails where one is forgotten.

use std::fs;
use std::path::Path;

use paidan::model::rule::Rule;

/// Where a rule is kept in one room.
enum Evidence {
    /// A file under the repository and words that stand in it.
    Source(&'static str, &'static str),
    /// Why there is nothing to keep.
    NotApplicable(&'static str),
}

use Evidence::{NotApplicable, Source};

/// The rooms, in the order of the table's columns.
const ROOMS: [&str; 8] =
    ["check", "place", "price", "verify", "explain", "relax", "generate", "brute force"];

/// One rule in every room.
type Row = (Rule, [Evidence; ROOMS.len()]);

const ALWAYS: &str = "it is always there, whatever is generated";
const FREE: &str = "keeping it costs nothing; breaking it is no plan";
const JUDGED: Evidence = Source("tests/it/brute.rs", "!open.contains(&found.rule)");
const WIDER: &str = "more hours of the skill stand for it";

const TABLE: &[Row] = &[
    (
        Rule::H1,
        [
            Source("src/model/check/code.rs", "W301"),
            Source("src/problem/options.rs", "held.level >= level"),
            NotApplicable(FREE),
            Source("src/verify/people.rs", "Rule::H1"),
            Source("src/explain/obstacle.rs", "Reason::LevelTooLow"),
            Source("src/explain/relax/change.rs", "Change::Level"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H1)"),
            JUDGED,
        ],
    ),
    (
        Rule::H2,
        [
            Source("src/model/check/code.rs", "W302"),
            Source("src/problem/options.rs", "fn mentored"),
            NotApplicable(FREE),
            Source("src/verify/people.rs", "Rule::H2"),
            Source("src/explain/obstacle.rs", "Reason::Excluded"),
            Source("src/explain/relax/change.rs", "Change::Exclusion"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H2)"),
            JUDGED,
        ],
    ),
    (
        Rule::H3,
        [
            Source("src/model/check/code.rs", "W304"),
            Source("src/solver/place.rs", "fn open_start"),
            Source("src/solver/extra.rs", "pub(super) fn price"),
            Source("src/verify/pieces.rs", "Rule::H3"),
            Source("src/explain/binding.rs", "Reason::PeopleHours"),
            Source("src/explain/relax/change.rs", "Change::Hours"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H3)"),
            JUDGED,
        ],
    ),
    (
        Rule::H4,
        [
            NotApplicable("two facts of one person may overlap: no rule is broken by facts alone"),
            Source("src/solver/place.rs", "fn crew_busy"),
            NotApplicable(FREE),
            Source("src/verify/lines.rs", "Rule::H4"),
            Source("src/explain/binding.rs", "Reason::PersonBusy"),
            NotApplicable(WIDER),
            NotApplicable(ALWAYS),
            JUDGED,
        ],
    ),
    (
        Rule::H5,
        [
            Source("src/model/check/code.rs", "S204"),
            Source("src/solver/place.rs", "problem.lag_end(link.lag, event)"),
            NotApplicable(FREE),
            Source("src/verify/order.rs", "Rule::H5"),
            Source("src/explain/binding.rs", "Reason::AfterLag"),
            NotApplicable("the order of steps belongs to the service, not to the day"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H5)"),
            JUDGED,
        ],
    ),
    (
        Rule::H6,
        [
            Source("src/model/check/code.rs", "W319"),
            Source("src/solver/place.rs", "ticket.release.max(problem.as_of)"),
            NotApplicable(FREE),
            Source("src/verify/order.rs", "Rule::H6"),
            Source("src/explain/binding.rs", "Reason::Release"),
            NotApplicable("nobody can complete materials by planning"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H6)"),
            JUDGED,
        ],
    ),
    (
        Rule::H7,
        [
            Source("src/model/check/code.rs", "S223"),
            Source("src/solver/schedule.rs", "fn quota_has_room"),
            NotApplicable(FREE),
            Source("src/verify/order.rs", "Rule::H7"),
            Source("src/explain/binding.rs", "Reason::BureauOpens"),
            Source("src/explain/relax/change.rs", "Change::Quota"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H7)"),
            JUDGED,
        ],
    ),
    (
        Rule::H8,
        [
            Source("src/model/check/code.rs", "S213"),
            Source("src/solver/place.rs", "row.windows.iter().find"),
            NotApplicable(FREE),
            Source("src/verify/order.rs", "Rule::H8"),
            Source("src/explain/binding.rs", "Reason::WindowOpens"),
            Source("src/explain/relax/change.rs", "Change::Windows"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H8)"),
            JUDGED,
        ],
    ),
    (
        Rule::H9,
        [
            Source("src/model/check/code.rs", "W320"),
            Source("src/solver/insert.rs", "pub fn keeps_company"),
            Source("src/solver/schedule.rs", "row.unserved"),
            Source("src/verify/whole.rs", "Rule::H9"),
            Source("src/explain/reason.rs", "CannotFit"),
            Source("src/explain/relax/change.rs", "Change::Horizon"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H9)"),
            Source("tests/it/brute.rs", "report.is_clean()"),
        ],
    ),
    (
        Rule::H10,
        [
            Source("src/model/check/code.rs", "S205"),
            Source("src/solver/place.rs", "fn bounds_between_tickets"),
            NotApplicable(FREE),
            Source("src/verify/whole.rs", "Rule::H10"),
            Source("src/explain/binding.rs", "Reason::AfterTicket"),
            NotApplicable("a companion left out is asked about by itself"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H10)"),
            Source("tests/it/brute.rs", "report.is_clean()"),
        ],
    ),
    (
        Rule::H11,
        [
            Source("src/model/check/code.rs", "S211"),
            Source("src/solver/place.rs", "pub fn suits"),
            NotApplicable(FREE),
            Source("src/verify/people.rs", "Rule::H11"),
            Source("src/explain/obstacle.rs", "Reason::MustDiffer"),
            NotApplicable("four eyes are never given up for one ticket"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H11)"),
            JUDGED,
        ],
    ),
    (
        Rule::H12,
        [
            Source("src/model/check/code.rs", "S219"),
            Source("src/problem/steps.rs", "row.pinned_start"),
            Source("src/solver/price.rs", "fn change_price"),
            Source("src/verify/whole.rs", "Rule::H12"),
            Source("src/explain/obstacle.rs", "Reason::PinnedOther"),
            Source("src/explain/relax/change.rs", "Change::Pin"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H12)"),
            JUDGED,
        ],
    ),
    (
        Rule::H13,
        [
            Source("src/model/check/code.rs", "S220"),
            Source("src/solver/schedule.rs", "fn take_facts"),
            NotApplicable("facts pay no change; what they chose is paid like any other"),
            Source("src/verify/order.rs", "Rule::H13"),
            Source("src/explain/binding.rs", "Reason::BegunAlready"),
            NotApplicable("what has happened cannot be relaxed"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H13)"),
            Source("tests/it/brute.rs", "report.is_clean()"),
        ],
    ),
    (
        Rule::H14,
        [
            Source("src/model/check/code.rs", "W309"),
            Source("src/solver/travel.rs", "fn travel_fits"),
            NotApplicable("travel is unpaid"),
            Source("src/verify/lines.rs", "Rule::H14"),
            Source("src/explain/obstacle.rs", "Reason::TooFar"),
            NotApplicable(WIDER),
            Source("src/generate/tiny.rs", "self.wants(Rule::H14)"),
            JUDGED,
        ],
    ),
    (
        Rule::H15,
        [
            Source("src/model/check/code.rs", "S208"),
            Source("src/solver/limits.rs", "fn limits_kept"),
            NotApplicable(FREE),
            Source("src/verify/limits.rs", "Rule::H15"),
            Source("src/explain/binding.rs", "Reason::Rest"),
            Source("src/explain/relax/change.rs", "Change::Overtime"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H15)"),
            JUDGED,
        ],
    ),
    (
        Rule::H16,
        [
            Source("src/model/check/code.rs", "S101"),
            Source("src/solver/place.rs", "fn thing_conflict"),
            NotApplicable(FREE),
            Source("src/verify/lines.rs", "Rule::H16"),
            Source("src/explain/binding.rs", "Reason::ThingHeld"),
            NotApplicable("there is one seal; another hour of it is another hour of the day"),
            Source("src/generate/tiny.rs", "self.wants(Rule::H16)"),
            JUDGED,
        ],
    ),
];

#[test]
fn every_rule_is_kept_in_every_room_or_says_why_not() {
    let rows: Vec<Rule> = TABLE.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rows, Rule::ALL, "one row per rule, in order");
    let mut holes = Vec::new();
    for (rule, cells) in TABLE {
        for (room, cell) in ROOMS.iter().zip(cells) {
            let told = match cell {
                NotApplicable(why) => !why.is_empty(),
                Source(file, words) => {
                    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
                    fs::read_to_string(path).is_ok_and(|text| text.contains(words))
                }
            };
            if !told {
                holes.push(format!("{} × {room}", rule.code()));
            }
        }
    }
    assert!(holes.is_empty(), "no evidence for {}", holes.join(", "));
}
