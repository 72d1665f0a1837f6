//! What differs between two plans and what a move by hand comes to, line by line, for staff.

use super::{Names, clock};
use crate::explain::diff::{BillPart, Diff, MovedStep, Placement, TicketChange};
use crate::explain::moved::Move;
use crate::model::lang::Lang;
use crate::time::Money;

/// The differences, line by line; one line when there are none.
#[must_use]
pub fn diff_lines(diff: &Diff, names: &Names, lang: Lang) -> Vec<String> {
    if diff.is_empty() {
        let same = lang.of("两个计划相同", "The plans are the same").to_owned();
        return std::iter::once(same).chain(bound_line(diff, lang)).collect();
    }
    let mut lines = Vec::new();
    let mut section = |zh: &str, en: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            lines.push(format!("{} ({})", lang.of(zh, en), rows.len()));
            lines.extend(rows.into_iter().map(|row| format!("  {row}")));
        }
    };
    let tickets = |keys: &[String]| keys.iter().map(|key| names.ticket(key, lang)).collect();
    section("新排入的工单", "Tickets served now", tickets(&diff.newly_served));
    section("不再排入的工单", "Tickets left out now", tickets(&diff.newly_unserved));
    let moves = diff.moved.iter().map(|moved| moved_line(moved, names, lang));
    section("变动的步骤", "Steps moved", moves.collect());
    let changes = diff.tickets.iter().map(|change| ticket_line(change, names, lang));
    section("完成时间或费用变化的工单", "Tickets that finish or cost otherwise", changes.collect());
    let changed =
        diff.bill.iter().filter(|c| c.before_fen != c.after_fen || c.part == BillPart::Total);
    let bill = changed.map(|change| {
        let name = part_name(change.part, lang);
        let more = signed(change.after_fen - change.before_fen);
        format!("{name}: {} → {} ({more})", change.before_fen, change.after_fen)
    });
    section("费用", "Cost", bill.collect());
    lines.extend(bound_line(diff, lang));
    if diff.violations_before + diff.violations_after > 0 {
        lines.push(format!(
            "{}: {} → {}",
            lang.of("违反的规则", "Broken rules"),
            diff.violations_before,
            diff.violations_after
        ));
    }
    lines
}

/// What no plan can cost less than, where the plans do not say the same of it.
fn bound_line(diff: &Diff, lang: Lang) -> Option<String> {
    let (before, after) = (diff.bound_before_fen, diff.bound_after_fen);
    let said = |bound: Option<Money>| {
        bound.map_or_else(|| lang.of("未说明", "not stated").to_owned(), |fen| fen.to_string())
    };
    let name = lang.of("下界", "No plan costs less than");
    (before != after).then(|| format!("{name}: {} → {}", said(before), said(after)))
}

fn moved_line(moved: &MovedStep, names: &Names, lang: Lang) -> String {
    let step = names.step(&moved.step, lang);
    let people = |placement: &Placement| {
        let people: Vec<String> =
            placement.people.iter().map(|person| names.person(person, lang)).collect();
        people.join(lang.of("、", ", "))
    };
    let mut said = Vec::new();
    if moved.changes_people() {
        said.push(format!("{} → {}", people(&moved.before), people(&moved.after)));
    }
    if moved.before.start != moved.after.start {
        said.push(format!("{} → {}", clock(moved.before.start), clock(moved.after.start)));
    } else if let (Some(before), Some(after)) = (moved.before.end, moved.after.end)
        && before != after
    {
        let ends = lang.of("结束", "ends");
        said.push(format!("{ends} {} → {}", clock(before), clock(after)));
    }
    format!("{step}: {}", said.join(lang.of(",", ", ")))
}

fn ticket_line(change: &TicketChange, names: &Names, lang: Lang) -> String {
    let finish = |moment: Option<crate::calendar::Moment>| {
        moment.map_or_else(|| lang.of("未排入", "left out").to_owned(), clock)
    };
    let mut said = format!("{}: ", names.ticket(&change.ticket, lang));
    let (before, after) = (finish(change.finish_before), finish(change.finish_after));
    said.push_str(&if before == after { after } else { format!("{before} → {after}") });
    if change.cost_before != change.cost_after {
        let more = signed(change.cost_after - change.cost_before);
        said.push_str(&format!(", {} → {} ({more})", change.cost_before, change.cost_after));
    }
    said
}

/// What a part of the bill is called.
#[must_use]
pub fn part_name(part: BillPart, lang: Lang) -> &'static str {
    let (zh, en) = match part {
        BillPart::Lateness => ("逾期", "Lateness"),
        BillPart::Unserved => ("未排入", "Unserved"),
        BillPart::Overtime => ("加班", "Overtime"),
        BillPart::Change => ("变动", "Change"),
        BillPart::Imbalance => ("负荷不均", "Imbalance"),
        BillPart::Preference => ("偏好", "Preference"),
        BillPart::Total => ("合计", "Total"),
    };
    lang.of(zh, en)
}

fn signed(money: Money) -> String {
    if money > Money::ZERO { format!("+{money}") } else { money.to_string() }
}

/// What a move comes to: whether it can be kept, the rules in the way, the bill.
#[must_use]
pub fn move_lines(made: &Move, names: &Names, lang: Lang) -> Vec<String> {
    let (step, person) = (names.step(&made.step, lang), names.person(&made.person, lang));
    let start = clock(made.start);
    let mut lines = vec![match (lang, made.is_clean()) {
        (Lang::Zh, true) => format!("“{step}”可由 {person} 于 {start} 开始办理,不违反任何规则"),
        (Lang::En, true) => {
            format!("\"{step}\" can be done by {person} from {start}: no rule is broken")
        }
        (Lang::Zh, false) => format!("“{step}”不能由 {person} 于 {start} 开始办理"),
        (Lang::En, false) => format!("\"{step}\" cannot be done by {person} from {start}"),
    }];
    for violation in &made.violations {
        let said = lang.of(&violation.zh, &violation.en);
        lines.push(format!("  {} {said}", violation.rule));
    }
    if let Some(after) = made.after {
        for part in BillPart::ALL {
            let (before, after) = (part.of(&made.before), part.of(&after));
            if before != after || part == BillPart::Total {
                let name = part_name(part, lang);
                lines.push(format!("  {name}: {before} → {after} ({})", signed(after - before)));
            }
        }
    }
    lines
}
