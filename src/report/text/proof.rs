//! The certificate on a terminal: where the gap to the bound lies, and the scarcest hours.

use comfy_table::{Cell, Table};

use super::{Layout, closed, right, table};
use crate::model::lang::Lang;
use crate::report::board::{Board, Gap};
use crate::report::say::{self, of};
use crate::time::Money;

/// Most parts of a gap in a row.
const PARTS: usize = 3;

/// How many of the scarcest hours are shown.
const HOURS: usize = 5;

/// Tables below the bound; nothing of what the plan does not say.
pub(super) fn certificate(board: &Board, layout: Layout) -> String {
    let gap = board.gap.as_ref().map(|gap| whereabouts(board, gap, layout));
    gap.unwrap_or_default() + &scarcest(board, layout)
}

/// The largest parts of the gap.
fn whereabouts(board: &Board, gap: &Gap, layout: Layout) -> String {
    let lang = layout.lang;
    let tickets = gap.tickets.iter().map(|(id, fen)| {
        let ticket = &board.tickets[*id];
        (format!("{} {}", ticket.key, of(&ticket.title, lang)), *fen)
    });
    let skills = gap.skills.iter().map(|(name, fen)| (of(name, lang).to_owned(), *fen));
    let days = gap.days.iter().map(|(day, fen)| (of(&say::day(*day), lang).to_owned(), *fen));
    let heads = [("差距在于", "The gap lies in"), ("最大的几项", "Most of it"), ("金额", "Amount")];
    let mut table = table(layout, &heads);
    rows(&mut table, lang.of("工单", "Tickets"), tickets, lang);
    rows(&mut table, lang.of("技能", "Skills"), skills, lang);
    rows(&mut table, lang.of("日期", "Days"), days, lang);
    for (name, fen) in say::beside(gap) {
        if fen > Money::ZERO {
            table.add_row(vec![Cell::new(""), Cell::new(of(&name, lang)), right(fen.to_string())]);
        }
    }
    if table.is_empty() { String::new() } else { closed(&table, 0, layout) }
}

/// A row for each of the largest parts, the first of them with the head, and how many are left.
fn rows(
    table: &mut Table,
    head: &str,
    parts: impl ExactSizeIterator<Item = (String, Money)>,
    lang: Lang,
) {
    let left = parts.len().saturating_sub(PARTS);
    for (nth, (name, fen)) in parts.take(PARTS).enumerate() {
        let head = if nth == 0 { head } else { "" };
        table.add_row(vec![Cell::new(head), Cell::new(name), right(fen.to_string())]);
    }
    if left > 0 {
        let more = lang.of(format!("另有 {left} 项"), format!("{left} more"));
        table.add_row(vec![Cell::new(""), Cell::new(more), Cell::new("")]);
    }
}

/// The hours worth most.
fn scarcest(board: &Board, layout: Layout) -> String {
    let lang = layout.lang;
    let heads = [
        ("最紧缺的工时", "Scarcest hours"),
        ("技能或员工", "Skill or people"),
        ("每多一小时约省", "One hour more saves about"),
    ];
    let mut table = table(layout, &heads);
    for (whose, day, worth) in board.scarcest().into_iter().take(HOURS) {
        table.add_row(vec![
            Cell::new(of(&say::day(day), lang)),
            Cell::new(of(&say::whose(board, whose), lang)),
            right(worth.to_string()),
        ]);
    }
    if table.is_empty() { String::new() } else { closed(&table, 0, layout) }
}
