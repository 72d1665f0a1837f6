//! The certificate on a terminal: where the gap to the bound lies, and the scarcest hours.

use comfy_table::Cell;

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
    let mut table = table(layout, &[("差距在于", "The gap lies in"), ("最大的几项", "Most of it")]);
    for (head, parts) in [
        (lang.of("工单", "Tickets"), largest(tickets, lang)),
        (lang.of("技能", "Skills"), largest(skills, lang)),
        (lang.of("日期", "Days"), largest(days, lang)),
    ] {
        if !parts.is_empty() {
            table.add_row(vec![Cell::new(head), Cell::new(parts)]);
        }
    }
    for (head, fen) in say::beside(gap) {
        if fen > Money::ZERO {
            table.add_row(vec![Cell::new(of(&head, lang)), Cell::new(fen)]);
        }
    }
    if table.is_empty() { String::new() } else { closed(&table, 0, layout) }
}

/// `T-014 VAT ¥1,200.00, T-003 … ¥800.00; 5 more`.
fn largest(parts: impl ExactSizeIterator<Item = (String, Money)>, lang: Lang) -> String {
    let left = parts.len().saturating_sub(PARTS);
    let shown: Vec<String> = parts.take(PARTS).map(|(name, fen)| format!("{name} {fen}")).collect();
    let mut line = shown.join(lang.of("、", ", "));
    if left > 0 {
        line += &lang.of(format!("；另有 {left} 项"), format!("; {left} more"));
    }
    line
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
