//! The plan on a terminal: tables without colours, aligned for Chinese and Latin text alike.
//!
//! Times are local; the heading names the zone once.

mod proof;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::board::{Board, Fate, Step};
use super::say::{self, label, of};
use super::wall::{self, Wall};
use crate::calendar::Label;
use crate::id::Id;
use crate::model::lang::Lang;
use crate::model::plan::Standing;
use crate::time::Money;

/// Lines above, below the heads and below; none between rows.
const STYLE: TableStyle = UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none());

/// How to lay tables out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The language.
    pub lang: Lang,
    /// The width of the terminal in columns; `None`: as wide as the content.
    pub width: Option<u16>,
    /// Most rows per table; what is left out is counted below it.
    pub rows: usize,
    /// Where the rows left out can be seen: Chinese, English.
    pub rest: Option<(&'static str, &'static str)>,
}

impl Default for Layout {
    fn default() -> Layout {
        Layout { lang: Lang::Zh, width: None, rows: usize::MAX, rest: None }
    }
}

/// Everything: summary, people, tickets, at risk, unserved, key moments.
#[must_use]
pub fn render(board: &Board, layout: Layout) -> String {
    let sections = [summary, moments, people, tickets, at_risk, unserved]
        .map(|section| section(board, layout));
    sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What the plan is, what it costs and how good it is.
#[must_use]
pub fn summary(board: &Board, layout: Layout) -> String {
    let lang = layout.lang;
    let wall = Wall(board.zone);
    let mut out = format!("{}\n", of(&say::title(board), lang));
    if let Some(about) = &board.about {
        out += &format!("{}\n", of(about, lang));
    }
    let (from, to) = (wall.full(board.as_of), wall.full(board.horizon));
    let (zone, offset) = (board.zone.name(), wall.offset(board.as_of));
    out += &lang.of(
        format!("{from} 起排，至 {to} · 时间均为 {zone} ({offset})\n"),
        format!("planned from {from} to {to} · all times {zone} ({offset})\n"),
    );
    out += &counts(board, lang);
    let mut table = table(layout, &[("费用", "Cost"), ("计价", "Weighted"), ("其中", "Of which")]);
    for say::Part { name, amount, split, .. } in say::bill(board) {
        let split = split.filter(|_| amount > Money::ZERO).map(|(urgency, value)| {
            let urgent = lang.of("紧急程度", "urgency");
            let client = lang.of("客户价值", "client value");
            format!("{urgent} {urgency} · {client} {value}")
        });
        table.add_row(vec![
            Cell::new(of(&name, lang)),
            right(amount.to_string()),
            Cell::new(split.unwrap_or_default()),
        ]);
    }
    table.add_row(vec![
        Cell::new(lang.of("合计", "Total")),
        right(board.bill.total_fen.to_string()),
        Cell::new(""),
    ]);
    out += &closed(&table, 0, layout);
    if let Some(weights) = board.weights {
        out += &format!("{}\n", of(&say::weights(weights), lang));
    }
    if let Some(bound) = &board.bound {
        let (value, gap) = (bound.value_fen, say::percent(bound.gap_basis_points));
        let method = say::bound(bound.method);
        let method = of(&method, lang);
        out += &lang.of(
            format!("下界 {value}，差距 {gap}（{method}）\n"),
            format!("no plan costs less than {value}; gap {gap} ({method})\n"),
        );
    }
    out += &proof::certificate(board, layout);
    for line in board.violations.iter().chain(&board.released) {
        out += &format!("! {}\n", of(line, lang));
    }
    plain(&out)
}

/// Names may hold anything; what would steer the terminal is replaced.
fn plain(text: &str) -> String {
    let steers = |letter: char| letter.is_control() && letter != '\n';
    text.replace(steers, "\u{fffd}")
}

fn counts(board: &Board, lang: Lang) -> String {
    let count = |fate: Fate| board.tickets.iter().filter(|ticket| ticket.fate() == fate).count();
    let (late, unserved) = (count(Fate::Late), count(Fate::Unserved));
    let (tickets, steps, people) = (board.tickets.len(), board.steps.len(), board.people.len());
    let verified = if board.violations.is_empty() {
        lang.of("已校验，无违规".to_owned(), "verified, no violation".to_owned())
    } else {
        of(&say::violations(board.violations.len()), lang).to_owned()
    };
    lang.of(
        format!(
            "工单 {tickets}（逾期 {late}，未排入 {unserved}）· 步骤 {steps} · 员工 {people} · {verified}\n"
        ),
        format!(
            "{tickets} tickets ({late} late, {unserved} unserved) · {steps} steps · {people} people · {verified}\n"
        ),
    )
}

/// Who does what when.
#[must_use]
pub fn people(board: &Board, layout: Layout) -> String {
    let lang = layout.lang;
    let wall = Wall(board.zone);
    let heads = [
        ("员工", "Person"),
        ("时间", "Time"),
        ("工单", "Ticket"),
        ("步骤", "Step"),
        ("地点", "Where"),
        ("说明", "Notes"),
    ];
    let mut table = table(layout, &heads);
    let (most, mut shown, mut left) = (turns_each(board, layout.rows), 0, 0);
    for person in board.people.iter() {
        let load = load(&person.figures, lang);
        let mut mine = 0;
        for turn in &person.turns {
            let step = &board.steps[turn.step];
            // Where not every turn is shown, what is done already is not.
            let is_over = most < usize::MAX && step.standing == Standing::Done;
            if shown == layout.rows || mine == most || is_over {
                left += 1;
                continue;
            }
            (shown, mine) = (shown + 1, mine + 1);
            let ticket = &board.tickets[step.ticket];
            let name = if mine == 1 {
                format!("{}\n{load}", of(&person.name, lang))
            } else {
                String::new()
            };
            let title = ticket.client.as_ref().unwrap_or(&ticket.title);
            table.add_row(vec![
                Cell::new(name),
                Cell::new(wall.span(step.span)),
                Cell::new(format!("{} {}", ticket.key, of(title, lang))),
                Cell::new(of(&step.name, lang)),
                Cell::new(place(board, step, lang)),
                Cell::new(notes(board, turn.step, turn, lang)),
            ]);
        }
    }
    section(("按员工", "By person"), &table, left, layout)
}

/// How many turns of each person are shown so that nobody is left out for somebody's sake.
fn turns_each(board: &Board, rows: usize) -> usize {
    let turns = |most: usize| -> usize {
        board.people.iter().map(|person| person.turns.len().min(most)).sum()
    };
    if turns(usize::MAX) <= rows {
        return usize::MAX;
    }
    (1..rows).take_while(|most| turns(*most) <= rows).last().unwrap_or(1)
}

fn load(figures: &super::board::PersonFigures, lang: Lang) -> String {
    let percent = share(figures.regular_minutes, figures.available_minutes);
    let extra = figures.extra_minutes;
    if extra == 0 {
        return format!("{percent}%");
    }
    let length = wall::worked(extra, lang);
    lang.of(format!("{percent}% +加时{length}"), format!("{percent}% + {length} extra"))
}

/// `part` of `whole` in percent, rounded down; 0 of nothing.
pub(super) fn share(part: i64, whole: i64) -> i64 {
    if whole > 0 { part * 100 / whole } else { 0 }
}

fn place(board: &Board, step: &Step, lang: Lang) -> String {
    let bureau = step.bureau.map(|bureau| &board.bureaus[bureau].name);
    let label = bureau.or(step.site.as_ref());
    label.map(|label| of(label, lang).to_owned()).unwrap_or_default()
}

fn notes(board: &Board, id: Id<Step>, turn: &super::board::Turn, lang: Lang) -> String {
    let step = &board.steps[id];
    let ticket = &board.tickets[step.ticket];
    let mut notes: Vec<String> = Vec::new();
    if ticket.urgent {
        notes.push(of(&say::track(true), lang).to_owned());
    }
    if ticket.fate() == Fate::Late {
        notes.push(of(&say::fate(Fate::Late), lang).to_owned());
    }
    let extra = turn.pieces.iter().find(|piece| piece.band != Some(super::board::REGULAR));
    if let Some(piece) = extra {
        notes.push(of(&say::band(piece.band), lang).to_owned());
    }
    if let Some(standing) = say::standing(step.standing) {
        notes.push(of(&standing, lang).to_owned());
    }
    if let Some(travel) = &turn.travel {
        let length = wall::length(travel.minutes, lang);
        notes.push(lang.of(format!("路程{length}"), format!("{length} travel")));
    }
    if turn.seat > 0 {
        notes.push(lang.of("协助", "assists").to_owned());
    }
    if step.provisional {
        notes.push(lang.of("假日安排未定", "holiday notice pending").to_owned());
    }
    notes.join(lang.of("、", ", "))
}

/// What becomes of each ticket, dearest first.
#[must_use]
pub fn tickets(board: &Board, layout: Layout) -> String {
    let lang = layout.lang;
    let wall = Wall(board.zone);
    let heads = [
        ("工单", "Ticket"),
        ("事项", "Matter"),
        ("客户", "Client"),
        ("期限", "Due"),
        ("完成", "Finish"),
        ("状态", "Status"),
        ("损失", "Loss"),
        ("谁", "Who"),
    ];
    let mut table = table(layout, &heads);
    let rows = by_concern(board);
    for id in rows.iter().take(layout.rows) {
        let ticket = &board.tickets[*id];
        let stamp =
            |tick: Option<crate::time::Tick>| tick.map(|at| wall.stamp(at)).unwrap_or_default();
        let mut who: Vec<&Label> = Vec::new();
        for step in &ticket.steps {
            for person in &board.steps[*step].people {
                let name = &board.people[*person].name;
                if !who.contains(&name) {
                    who.push(name);
                }
            }
        }
        table.add_row(vec![
            Cell::new(&ticket.key),
            Cell::new(of(&ticket.title, lang)),
            Cell::new(ticket.client.as_ref().map_or("", |client| of(client, lang))),
            Cell::new(stamp(ticket.due)),
            Cell::new(stamp(ticket.finish)),
            Cell::new(status(ticket, lang)),
            right(money_or_blank(ticket.loss.weighted_fen)),
            Cell::new(of(&say::list(&who), lang)),
        ]);
    }
    section(("按工单", "By ticket"), &table, rows.len().saturating_sub(layout.rows), layout)
}

fn status(ticket: &super::board::Ticket, lang: Lang) -> String {
    let fate = say::fate(ticket.fate());
    let mut words = of(&fate, lang).to_owned();
    if ticket.late_minutes() > 0 {
        words += " ";
        words += &wall::length(ticket.late_minutes(), lang);
    }
    if ticket.urgent { format!("{} · {words}", of(&say::track(true), lang)) } else { words }
}

/// Tickets that cost most first, then by due time.
pub(super) fn by_concern(board: &Board) -> Vec<Id<super::board::Ticket>> {
    let mut rows: Vec<_> = board.tickets.ids().collect();
    rows.sort_by_key(|id| {
        let ticket = &board.tickets[*id];
        let due = ticket.due.unwrap_or(crate::time::Tick::MAX);
        (-ticket.loss.weighted_fen, due, *id)
    });
    rows
}

/// Which tickets cost money if they slip (R079).
#[must_use]
pub fn at_risk(board: &Board, layout: Layout) -> String {
    let lang = layout.lang;
    let heads = [
        ("工单", "Ticket"),
        ("事项", "Matter"),
        ("客户", "Client"),
        ("余量", "Slack"),
        ("再晚 2 小时多损失", "Cost of 2 h more"),
    ];
    let mut table = table(layout, &heads);
    for risk in board.at_risk.iter().take(layout.rows) {
        let ticket = &board.tickets[risk.ticket];
        table.add_row(vec![
            Cell::new(&ticket.key),
            Cell::new(of(&ticket.title, lang)),
            Cell::new(ticket.client.as_ref().map_or("", |client| of(client, lang))),
            Cell::new(of(&slack(risk.slack_minutes), lang)),
            right(risk.slip_cost.to_string()),
        ]);
    }
    let left = board.at_risk.len().saturating_sub(layout.rows);
    section(("预警", "At risk"), &table, left, layout)
}

/// Room before the due time, or how late.
pub(super) fn slack(minutes: i64) -> Label {
    if minutes >= 0 {
        return say::length(minutes);
    }
    let length = say::length(minutes);
    Label::new(format!("已晚{}", length.zh), format!("{} late", length.en))
}

/// Which tickets are left out, and why.
#[must_use]
pub fn unserved(board: &Board, layout: Layout) -> String {
    let lang = layout.lang;
    let heads = [
        ("工单", "Ticket"),
        ("事项", "Matter"),
        ("客户", "Client"),
        ("原因", "Reason"),
        ("代价", "Price"),
    ];
    let mut table = table(layout, &heads);
    for row in board.unserved.iter().take(layout.rows) {
        let ticket = &board.tickets[row.ticket];
        table.add_row(vec![
            Cell::new(&ticket.key),
            Cell::new(of(&ticket.title, lang)),
            Cell::new(ticket.client.as_ref().map_or("", |client| of(client, lang))),
            Cell::new(of(&say::unserved(row.reason), lang)),
            right(row.price.weighted_fen.to_string()),
        ]);
    }
    let left = board.unserved.len().saturating_sub(layout.rows);
    section(("未排入", "Unserved"), &table, left, layout)
}

/// What to be ready for on the first working day.
#[must_use]
pub fn moments(board: &Board, layout: Layout) -> String {
    let lang = layout.lang;
    let wall = Wall(board.zone);
    let mut table = table(layout, &[("时刻", "Time"), ("类别", "Kind"), ("内容", "What")]);
    for moment in board.moments.iter().take(layout.rows) {
        let (_, kind) = say::kind(moment.event);
        table.add_row(vec![
            Cell::new(wall.clock(moment.at)),
            Cell::new(of(&kind, lang)),
            Cell::new(of(&say::moment(board, moment), lang)),
        ]);
    }
    let day = say::day(board.day);
    let title = (format!("关键时刻 {}", day.zh), format!("Key moments of {}", day.en));
    let left = board.moments.len().saturating_sub(layout.rows);
    section((&title.0, &title.1), &table, left, layout)
}

fn money_or_blank(amount: Money) -> String {
    if amount == Money::ZERO { String::new() } else { amount.to_string() }
}

pub(super) fn right(text: String) -> Cell {
    Cell::new_owned(text).set_alignment(CellAlignment::Right)
}

pub(super) fn table(layout: Layout, heads: &[(&str, &str)]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE);
    if let Some(width) = layout.width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.max(40));
    }
    table.set_header(heads.iter().map(|(zh, en)| layout.lang.of(*zh, *en)).collect::<Vec<_>>());
    table
}

/// A titled table; nothing when it has no row.
fn section(title: (&str, &str), table: &Table, left: usize, layout: Layout) -> String {
    if table.is_empty() {
        return String::new();
    }
    let title = label(title.0, title.1);
    plain(&format!("{}\n{}", of(&title, layout.lang), closed(table, left, layout)))
}

pub(super) fn closed(table: &Table, left: usize, layout: Layout) -> String {
    let lang = layout.lang;
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    let mut out = lines.join("\n");
    out.push('\n');
    if left > 0 {
        let rest = layout.rest.map(|(zh, en)| lang.of(format!("；{zh}"), format!("; {en}")));
        let rest = rest.unwrap_or_default();
        out += &lang
            .of(format!("……另有 {left} 行{rest}\n"), format!("… and {left} more rows{rest}\n"));
    }
    out
}
